//! The program: everything around the process in `muster-core` that touches the world.

pub mod channels;
pub mod outgoing;
pub mod secrets;
