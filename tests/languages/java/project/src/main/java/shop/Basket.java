package shop;

import java.util.List;

/** What someone wants to buy. */
public final class Basket {
    private final List<Item> items;

    public Basket(List<Item> items) {
        this.items = List.copyOf(items);
    }

    /** A thing with its price in cents. */
    public record Item(String name, int cents) {
        public Item {
            if (cents < 0) {
                throw new IllegalArgumentException("a price below zero");
            }
        }
    }

    /**
     * What all costs together, in cents; from ten things on, the cheapest is free.
     */
    public int total() {
        throw new UnsupportedOperationException("not implemented");
    }

    /** How many things there are. */
    public int size() {
        return items.size();
    }
}
