module clonexec

go 1.19
