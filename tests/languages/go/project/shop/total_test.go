package shop

import (
	"errors"
	"fmt"
	"testing"
)

func TestTotal(t *testing.T) {
	apples := Item{Name: "apple", Price: 3, Count: 5}
	tests := []struct {
		name   string
		items  []Item
		coupon string
		want   int
	}{
		{"one line", []Item{apples}, "", 15},
		{"two lines", []Item{apples, {"pear", 4, 1}}, "", 19},
		{"half", []Item{apples}, " half ", 7},
		{"unknown coupon", []Item{apples}, "third", 15},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Total(test.items, test.coupon)
			if err != nil || got != test.want {
				t.Errorf("Total() = %d, %v, want %d", got, err, test.want)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	if _, err := Total(nil, "HALF"); !errors.Is(err, ErrEmpty) {
		t.Errorf("Total(nil) gave %v", err)
	}
}

func ExampleTotal() {
	sum, _ := Total([]Item{{"tea", 250, 2}}, "Half")
	fmt.Println(sum)
	// Output: 250
}
