module example.com/acme/hail

go 1.26
