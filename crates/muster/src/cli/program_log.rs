//! The program's own log: what the administrator finds when a page says that it is there. Lines on standard error, where
//! service managers collect them.

use super::serve::CannotServe;
use tracing_subscriber::EnvFilter;

/// Which lines are written: `info`, `warn,muster::engine=debug` and so on.
const VARIABLE: &str = "MUSTER_LOG";

/// Starts it, for this process.
///
/// # Errors
/// [`CannotServe::Usage`] if the variable says something that means nothing.
pub(super) fn start() -> Result<(), CannotServe> {
    let wanted = std::env::var(VARIABLE).unwrap_or_else(|_| "info".to_owned());
    let use_one = "use error, warn, info, debug or trace, for all or for one part: warn,muster::engine=debug";
    let filter =
        EnvFilter::try_new(&wanted).map_err(|e| CannotServe::Usage(format!("{VARIABLE}={wanted}: {e}; {use_one}")))?;
    // Started before, as by a test in this process, it stays as it is.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    Ok(())
}
