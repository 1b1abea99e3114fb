package o;

/** Another module, which nobody needs. */
public class O {
    int one() {
        return 1;
    }
}
