//! Runs the example `mnist_mpi` on several ranks, with `mpirun`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The example, which Cargo builds beside the tests.
fn program() -> PathBuf {
    let test = std::env::current_exe().expect("a test has a path");
    let folder = test.parent().and_then(Path::parent).expect("tests are in `deps`");
    folder.join("examples/mnist_mpi")
}

/// One test at a time, because each needs all processors.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn start(ranks: usize, threads: usize, options: &[&str]) -> Child {
    start_groups(threads, &[(ranks, options)])
}

/// Starts groups of ranks with different options.
fn start_groups(threads: usize, groups: &[(usize, &[&str])]) -> Child {
    let mut command = Command::new("mpirun");
    command.args(["--oversubscribe", "--bind-to", "none"]);
    for (number, (ranks, options)) in groups.iter().enumerate() {
        if number > 0 {
            command.arg(":");
        }
        command.args(["-n", &ranks.to_string()]).arg(program()).args(*options);
    }
    command.env("OMPI_ALLOW_RUN_AS_ROOT", "1").env("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    command.env("RAYON_NUM_THREADS", threads.to_string());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("Open MPI is installed: see the README")
}

fn run(ranks: usize, threads: usize, options: &[&str]) -> Output {
    start(ranks, threads, options).wait_with_output().expect("the output can be read")
}

/// The checksum that a run prints.
fn checksum(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    text.rsplit(' ').next().expect("a run prints a checksum").trim().to_owned()
}

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path); // it may not exist
    path.to_str().expect("the path is UTF-8").to_owned()
}

/// The processes that `mpirun` has started.
fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("Linux has `/proc`");
    let numbers = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_child = |process: &u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let after_name = stat.rsplit(')').next().unwrap_or_default();
        after_name.split_whitespace().nth(1).and_then(|field| field.parse().ok()) == Some(parent)
    };
    numbers.filter(is_child).collect()
}

fn signal(name: &str, process: u32) {
    let status = Command::new("kill").args([name, &process.to_string()]).status();
    assert!(status.expect("`kill` can be started").success());
}

/// Waits until the run has a checkpoint and all of its ranks.
fn ranks_of(run: &Child, ranks: usize, checkpoint: &str) -> Vec<u32> {
    let start = Instant::now();
    loop {
        let found = children(run.id());
        if found.len() == ranks && Path::new(checkpoint).exists() {
            return found;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "the run does not start");
        sleep(Duration::from_millis(5));
    }
}

/// Waits for the end of a run, which should fail soon; returns what it printed to standard error.
fn failure(run: Child) -> String {
    let start = Instant::now();
    let output = run.wait_with_output().expect("the output can be read");
    assert!(start.elapsed() < Duration::from_secs(10), "the run ended after {:?}", start.elapsed());
    assert!(!output.status.success());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn ranks_and_threads_change_no_bit() {
    let _alone = alone();
    let alone = checksum(&run(1, 1, &["--epochs", "2"]));
    for (ranks, threads) in [(1, 2), (2, 1), (2, 2), (4, 1)] {
        assert_eq!(checksum(&run(ranks, threads, &["--epochs", "2"])), alone, "{ranks} ranks, {threads} threads");
    }
    let output = run(2, 1, &["--epochs", "2"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(text.matches("validation loss").count(), 2, "only rank 0 prints: {text}");
    assert_eq!(text.matches("  waited ").count(), 2, "{text}");
    let six = checksum(&run(1, 1, &["--epochs", "2", "--shards", "6"]));
    for ranks in [2, 3] {
        assert_eq!(checksum(&run(ranks, 1, &["--epochs", "2", "--shards", "6"])), six, "{ranks} ranks");
    }
    assert_ne!(six, alone);
}

#[test]
fn a_checkpoint_continues_on_another_number_of_ranks() {
    let _alone = alone();
    let whole = checksum(&run(1, 1, &["--epochs", "2"]));
    for (before, after) in [(4, 2), (2, 1), (1, 4)] {
        let file = file(&format!("continues_{before}_{after}"));
        checksum(&run(before, 1, &["--epochs", "1", "--checkpoint", &file]));
        let found = checksum(&run(after, 1, &["--epochs", "2", "--checkpoint", &file, "--resume"]));
        assert_eq!(found, whole, "{before} and {after} ranks");
    }
}

#[test]
fn an_error_of_all_ranks_is_printed_with_their_numbers() {
    let _alone = alone();
    let errors = failure(start(3, 1, &[]));
    for rank in 0..3 {
        let expected = format!("rank {rank}: `shards` is 4, but should be a multiple of the number of ranks, 3");
        assert!(errors.contains(&expected), "{errors}");
    }
}

#[test]
fn ranks_with_other_options_are_an_error() {
    let _alone = alone();
    for (option, value, difference) in [
        ("--seed", "2", "the parameters before the first step differ, the seed differs"),
        ("--batch", "100", "`batch_size` is 100 instead of 128"),
        ("--epochs", "6", "`length` is 6 epochs instead of 5 epochs"),
    ] {
        let errors = failure(start_groups(1, &[(2, &[]), (1, &[option, value]), (1, &[])]));
        for rank in 0..4 {
            let expected = format!("rank {rank}: rank 2 differs from rank 0: {difference}\n");
            assert!(errors.contains(&expected), "{errors}");
        }
    }
}

#[test]
fn a_checkpoint_that_cannot_be_written_ends_all() {
    let _alone = alone();
    let folder = file("gone");
    fs::create_dir_all(&folder).expect("the folder can be created");
    let file = format!("{folder}/run");
    let run = start(2, 1, &["--epochs", "100000", "--checkpoint", &file]);
    ranks_of(&run, 2, &file);
    fs::remove_dir_all(&folder).expect("the folder can be removed");
    let errors = failure(run);
    assert!(errors.contains("rank 0: ") && errors.contains(&file), "{errors}");
}

#[test]
fn a_killed_rank_ends_all_and_leaves_a_checkpoint() {
    let _alone = alone();
    let file = file("killed");
    for moment in 0..20_u64 {
        let run = start(4, 1, &["--epochs", "100000", "--checkpoint", &file]);
        let ranks = ranks_of(&run, 4, &file);
        sleep(Duration::from_millis(moment * 7919 % 400));
        signal("-KILL", ranks[(moment % 4) as usize]);
        let errors = failure(run);
        assert!(errors.contains("exited on signal 9") && errors.contains("rank"), "moment {moment}: {errors}");
        let end = Instant::now();
        while ranks.iter().any(|rank| Path::new(&format!("/proc/{rank}")).exists()) {
            assert!(end.elapsed() < Duration::from_secs(5), "moment {moment}: a rank remains");
            sleep(Duration::from_millis(10));
        }
    }
    // The file is whole: a run without further steps reads it.
    let stored = run(2, 1, &["--epochs", "1", "--checkpoint", &file, "--resume"]);
    assert!(stored.status.success(), "{}", String::from_utf8_lossy(&stored.stderr));
}

#[test]
fn a_stopped_rank_ends_all() {
    let _alone = alone();
    let file = file("stopped");
    let run = start(2, 1, &["--epochs", "100000", "--checkpoint", &file, "--timeout", "5"]);
    let ranks = ranks_of(&run, 2, &file);
    signal("-STOP", ranks[1]);
    let errors = failure(run);
    assert!(errors.contains("has not answered for 5s"), "{errors}");
}
