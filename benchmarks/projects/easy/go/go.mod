module example.com/easy

go 1.22
