module example.org/clonexec

go 1.19
