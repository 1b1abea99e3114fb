//! A shop.

pub mod total;
