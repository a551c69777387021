//! Intake, measured against three things in the same run on the same cores:
//! a handler in the same HTTP stack that does nothing, a bare SQLite group-commit loop behind the same
//! stack, and Debian's prometheus-alertmanager, each in a process of its own. Figures are ratios; these machines are noisy.
//!
//! `bench/run` builds what is needed and runs it.

mod ceilings;
mod load;
mod rivals;

use load::{Figures, Load};
use rivals::Rival;
use std::error::Error;
use std::time::Duration;

/// How long one measurement lasts after its warm-up.
const MEASURED: Duration = Duration::from_secs(6);
/// What comes before each and is not counted.
const WARM_UP: Duration = Duration::from_secs(1);
/// One alert a request with these many connections, and batches of 64 with 64.
const ONES: [usize; 3] = [16, 64, 256];
const BATCH: (usize, usize) = (64, 64);

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let binary = match args.as_slice() {
        [serve, address, rest @ ..] if serve == "serve" => return ceilings::serve(address, rest).await,
        [binary] => binary,
        _ => return Err("usage: muster-bench PATH-OF-MUSTER".into()),
    };
    let folder = std::env::temp_dir().join(format!("muster-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let rivals = [
        Rival::null().await?,
        Rival::bare_sqlite(&folder.join("bare.db")).await?,
        Rival::alertmanager(&folder.join("alertmanager")).await?,
        Rival::muster(binary, &folder.join("muster")).await?,
    ];
    println!(
        "start to serving: Muster {} ms; idle memory: Muster {} MiB",
        rivals[3].started.as_millis(),
        mib(&rivals[3])
    );
    let mut rows = Vec::new();
    for (alerts, connections) in ONES.map(|c| (1, c)).into_iter().chain([BATCH]) {
        let mut figures = Vec::new();
        for rival in &rivals {
            let load = Load { rival, connections, alerts };
            load.run(WARM_UP).await?;
            figures.push(load.run(MEASURED).await?);
        }
        rows.push((alerts, connections, figures));
    }
    print(&rivals, &rows);
    for rival in rivals {
        rival.stop().await;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn print(rivals: &[Rival; 4], rows: &[(usize, usize, Vec<Figures>)]) {
    println!(
        "\n| alerts a request | connections | | requests/s | alerts/s | p50 ms | p99 ms | refused | Muster against it |"
    );
    println!("| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (alerts, connections, figures) in rows {
        let ours = figures[3].per_second;
        for (rival, f) in rivals.iter().zip(figures) {
            println!(
                "| {alerts} | {connections} | {} | {:.0} | {:.0} | {:.2} | {:.2} | {} | {:.2}x |",
                rival.name,
                f.per_second,
                f.per_second * count(*alerts),
                f.p50_ms,
                f.p99_ms,
                f.refused,
                ours / f.per_second
            );
        }
    }
    println!(
        "\nmemory after it: {}",
        rivals.iter().skip(2).map(|r| format!("{} {} MiB", r.name, mib(r))).collect::<Vec<_>>().join(", ")
    );
}

fn mib(rival: &Rival) -> u64 {
    rival.memory_kib().unwrap_or(0) / 1024
}

#[allow(clippy::cast_precision_loss, reason = "a handful")]
fn count(n: usize) -> f64 {
    n as f64
}
