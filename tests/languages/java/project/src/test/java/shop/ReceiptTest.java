package shop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReceiptTest {
    @Test
    void saysWhatAllCosts() {
        Basket basket = new Basket(List.of(new Basket.Item("tea", 300)));
        assertEquals(300, basket.total());
        assertEquals("1 things: 300", Receipt.of(basket));
    }

    @Test
    void countsThings() {
        assertEquals(0, new Basket(List.of()).size());
    }
}
