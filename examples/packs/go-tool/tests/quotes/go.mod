module example.com/hail

go 1.26
