package shop;

/** What is printed for a basket. */
public final class Receipt {
    private Receipt() {}

    public static String of(Basket basket) {
        return basket.size() + " things: " + basket.total();
    }
}
