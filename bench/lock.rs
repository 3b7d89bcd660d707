// SPDX-License-Identifier: MIT
//! std's RwLock, as lock.c asks: NAME shared|exclusive THREADS WRITER PAIRS.
use std::hint::black_box;
use std::io::{stdin, BufRead};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, RwLock};
use std::thread;
use std::time::{Duration, Instant};

static LOCK: RwLock<u32> = RwLock::new(0);

fn shared(pairs: usize) {
    for _ in 0..pairs {
        black_box(LOCK.read().unwrap());
    }
}

fn exclusive(pairs: usize) {
    for _ in 0..pairs {
        black_box(LOCK.write().unwrap());
    }
}

fn sample(side: &str, threads: usize, writer: bool, pairs: usize) {
    let run: fn(usize) = if side == "shared" { shared } else { exclusive };
    let at_work = AtomicUsize::new(threads);
    let barrier = Barrier::new(threads);
    let mut waits: Vec<f64> = Vec::new();
    let work = || {
        barrier.wait();
        let begin = Instant::now();
        run(pairs);
        let ns = begin.elapsed().as_nanos() as f64 / pairs as f64;
        at_work.fetch_sub(1, Ordering::SeqCst);
        ns
    };
    let sum: f64 = thread::scope(|s| {
        let all: Vec<_> = (0..threads).map(|_| s.spawn(work)).collect();
        while writer && at_work.load(Ordering::SeqCst) > 0 {
            thread::sleep(Duration::from_millis(1));
            let begin = Instant::now();
            exclusive(1);
            waits.push(begin.elapsed().as_nanos() as f64);
        }
        all.into_iter().map(|t| t.join().unwrap()).sum()
    });
    waits.sort_by(|a, b| a.total_cmp(b));
    print!("{:.2}", sum / threads as f64);
    if let Some(longest) = waits.last() {
        print!(" {:.0} {:.0}", longest, waits[waits.len() / 2]);
    }
    println!();
}

fn main() {
    for line in stdin().lock().lines() {
        let line = line.unwrap();
        let w: Vec<&str> = line.split_whitespace().collect();
        let number = |i: usize| w[i].parse::<usize>().unwrap();
        sample(w[1], number(2), number(3) == 1, number(4));
    }
}
