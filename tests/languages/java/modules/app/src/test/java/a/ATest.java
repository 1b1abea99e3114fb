package a;

import static org.junit.Assert.assertEquals;

import org.junit.Ignore;
import org.junit.Test;

public class ATest {
    @Test
    public void countsOn() {
        assertEquals(3, new A().next(2));
    }

    @Test(timeout = 20_000)
    public void runsAsSurefireIsTold() {
        assertEquals(4, new A().next(3));
        assertEquals("me you", System.getProperty("who"));
        assertEquals("x", System.getenv("EE"));
        assertEquals("2", System.getProperty("b"));
    }

    @Test
    public void knowsTwo() {
        assertEquals(2, A.two());
    }

    @Ignore
    @Test
    public void waits() {
        assertEquals(3, new A().next(2));
    }
}
