// Package stock does not compile: nothing of it is built to judge another package.
package stock

func Left() int { return "many" }
