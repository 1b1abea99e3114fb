//! What a customer pays.

use stock::Item;

/// Why nothing can be paid.
#[derive(Debug, PartialEq, Eq)]
pub enum Problem {
    Empty,
}

/// Sum up the cost of all items in cents; the coupon `half`, in any case and with white space around it, halves
/// it, rounded down. Nothing to pay for is a problem.
///
/// ```
/// use shop::total::total;
/// use stock::Item;
///
/// assert_eq!(total(&[Item::new("tea", 250, 2)], ""), Ok(500));
/// ```
pub fn total(items: &[Item], coupon: &str) -> Result<u64, Problem> {
    todo!()
}

/// A price as people write it.
pub fn shown(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basket() -> Vec<Item> {
        vec![Item::new("tea", 250, 2), Item::new("jam", 301, 1)]
    }

    #[test]
    fn items_are_added() {
        assert_eq!(total(&basket(), ""), Ok(801));
    }

    #[test]
    fn a_coupon_halves() {
        assert_eq!(total(&basket(), " HALF "), Ok(400));
    }

    #[test]
    fn prices_are_shown() {
        assert_eq!(shown(1205), "12.05");
    }
}
