package shop

import "testing"

func TestOther(t *testing.T) {
	if got := (Item{"apple", 3, 5}).Cost(); got != 15 {
		t.Errorf("Cost() = %d", got)
	}
}
