// Package shop adds up what is in a basket.
package shop

// Item is one line of a basket.
type Item struct {
	Name  string
	Price int
	Count int
}

// Cost is what all pieces of the item cost together.
func (i Item) Cost() int {
	return i.Price * i.Count
}
