package copelsp;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** A test that shows the virtual machine which classes any test needs. */
class Sample {
    @Test
    void passes() {
        Assertions.assertEquals(1, 1);
    }

    @Test
    void fails() {
        Assertions.assertEquals(1, 2);
    }
}
