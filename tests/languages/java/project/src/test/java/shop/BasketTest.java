package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasketTest {
    private static Basket of(Basket.Item... items) {
        return new Basket(List.of(items));
    }

    @Test
    void addsPrices() {
        assertEquals(350, of(new Basket.Item("tea", 300), new Basket.Item("milk", 50)).total());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 250})
    void oneThingCostsItsPrice(int cents) {
        assertEquals(cents, of(new Basket.Item("tea", cents)).total());
    }

    @Nested
    class Empty {
        @Test
        void costsNothing() {
            assertEquals(0, of().total());
        }
    }

    @Test
    void theCheapestOfTenIsFree() {
        assertEquals(900, new Basket(Collections.nCopies(10, new Basket.Item("tea", 100))).total());
    }

    @Test
    void refusesAPriceBelowZero() {
        assertThrows(IllegalArgumentException.class, () -> new Basket.Item("tea", -1));
    }
}
