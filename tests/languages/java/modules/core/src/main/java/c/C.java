package c;

/** What the other module needs. */
public final class C {
    private C() {}

    public static int one() {
        return 1;
    }
}
