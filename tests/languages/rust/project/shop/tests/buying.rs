use shop::total::{shown, total, Problem};

#[test]
fn nothing_is_a_problem() {
    assert_eq!(total(&[], "half"), Err(Problem::Empty));
}

#[test]
fn small_prices_are_shown() {
    assert_eq!(shown(5), "0.05");
}
