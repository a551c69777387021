//! The program: everything of Muster that touches the world. The process itself is in `muster_core`.

pub mod store;
