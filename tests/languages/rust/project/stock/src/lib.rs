//! What lies in the store.

/// One kind of thing, its price in cents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub name: String,
    pub price: u64,
    pub count: u64,
}

impl Item {
    pub fn new(name: &str, price: u64, count: u64) -> Self {
        Item { name: name.to_string(), price, count }
    }

    /// What all of them cost.
    pub fn cost(&self) -> u64 {
        self.price * self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_multiplied() {
        assert_eq!(Item::new("tea", 250, 2).cost(), 500);
    }
}
