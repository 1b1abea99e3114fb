package a;

import c.C;

public class A {
    /** One more. */
    public int next(int x) {
        return 0; // TODO
    }

    public static int two() {
        return C.one() + C.one();
    }
}
