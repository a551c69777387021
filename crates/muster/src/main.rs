//! x
#[allow(dead_code, reason = "the routes that take signals in are not here yet")]
mod intake;
fn main() {}
