module consumer

go 1.19

require example.org/clonexec v0.0.0

replace example.org/clonexec => ./clonexec
