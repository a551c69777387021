//! The database of a server that is stopped, worked on directly.

use super::say::{Exit, Fault};
use super::serve::{CannotServe, migrated, open_in};
use crate::clock::{Clock, SystemClock};
use crate::ops::{Changed, Failure, Ops, World};
use crate::secrets::{Random, SystemRandom};
use crate::store::{Db, OpenError, migrate};
use muster_core::Time;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file of the embedded database in its folder.
pub const DATABASE: &str = "muster.db";
/// Who did it, in the audit trail: nobody signed in.
pub const ACTOR: &str = "muster";

/// Where the database of a stopped server is.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Place {
    /// Work on the embedded database in this folder, while its server is stopped.
    #[arg(long, value_name = "DIR", conflicts_with = "database")]
    pub data: Option<PathBuf>,
    /// Work on this PostgreSQL database: postgres://user@host/name. Set PGPASSWORD for the password.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
}

/// The world without a server around it: nobody listens.
struct Alone;

impl World for Alone {
    fn now(&self) -> Time {
        SystemClock.now()
    }

    fn random(&self) -> &dyn Random {
        &SystemRandom
    }

    fn changed(&self, _: Changed) {}
}

impl Place {
    /// Whether a database was named at all; else the server is asked.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.data.is_some() || self.database.is_some()
    }

    /// The operations on it, with its tables up to date. An embedded one is made if `make`.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn open(&self, make: bool) -> Result<Ops, Fault> {
        let db = match (&self.data, &self.database) {
            (Some(folder), _) => {
                if !make && !folder.join(DATABASE).exists() {
                    let why = format!("there is no {DATABASE} in {}: name the folder of the server", folder.display());
                    return Err(Fault::new(Exit::NotFound, why));
                }
                open_in(folder).await.map_err(|e| not_opened(&e))?
            }
            (None, Some(address)) => {
                let db = Db::postgres(address).map_err(|e| not_opened(&e.into()))?;
                migrated(db).await.map_err(|e| not_opened(&e))?
            }
            (None, None) => return Err(Fault::usage("name the database: --data DIR")),
        };
        operations(db).await
    }
}

/// What could not be done with a copy of the backup `given`, in which nothing can be wrong but the backup itself.
pub fn broken(given: &Path, fault: Fault) -> Fault {
    let ours = fault.why.contains("disk is full") || fault.why.contains("lock file");
    let why = match fault.exit {
        Exit::Wrong => format!("{}: {}", given.display(), fault.why),
        Exit::Away if !ours => format!("{} is damaged, and cannot be read: {}", given.display(), fault.why),
        _ => return fault,
    };
    Fault::new(Exit::Wrong, why)
}

/// The operations on the embedded database in that very file.
///
/// # Errors
/// [`Fault`].
pub async fn open_file(file: &Path) -> Result<Ops, Fault> {
    let db = Db::sqlite(file).map_err(|e| not_opened(&e.into()))?;
    if !migrate::is_ours(&db).await.map_err(|e| failed(e.into()))? {
        return Err(Fault::new(Exit::Wrong, "the file is no database of Muster's"));
    }
    operations(migrated(db).await.map_err(|e| not_opened(&e))?).await
}

async fn operations(db: Db) -> Result<Ops, Fault> {
    // No link is made here, so that the address they would begin with does not matter.
    Ops::new(db, Arc::new(Alone), "http://localhost", false).await.map_err(failed)
}

fn not_opened(error: &CannotServe) -> Fault {
    match error {
        CannotServe::Open(OpenError::InUse { .. }) => Fault::new(
            Exit::Away,
            format!("{error}. Stop the server, or leave --data out: then the server itself is asked."),
        ),
        _ => Fault::new(Exit::Away, error.to_string()),
    }
}

/// What an operation could not do, for people.
fn failed(failure: Failure) -> Fault {
    let exit = match &failure {
        Failure::Refused(_) | Failure::Stale => Exit::Refused,
        Failure::NotFound(_) => Exit::NotFound,
        Failure::Store(_) | Failure::NoRandomness(_) => Exit::Away,
    };
    Fault::new(exit, failure.to_string())
}

/// Does something with a database, and closes it again before it answers: so that the next to open it, or to move its
/// file, finds nobody in it.
///
/// # Errors
/// [`Fault`]; also if the machinery cannot start.
pub fn with<T>(
    open: impl Future<Output = Result<Ops, Fault>>,
    work: impl AsyncFnOnce(&Ops) -> Result<T, Failure>,
) -> Result<T, Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|e| Fault::new(Exit::Away, format!("cannot start: {e}")))?.block_on(async {
        let ops = open.await?;
        let done = work(&ops).await.map_err(failed);
        let db = ops.db().clone();
        drop(ops);
        db.close().await.map_err(|e| failed(e.into()))?;
        done
    })
}
