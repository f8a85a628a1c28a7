//! Work shared out over threads that wait for it: each takes the next piece until none is left.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::crew::Crew;

/// Does `tasks` pieces of work on at most `threads` threads, this one among them, each with a state of its own; the states. The first
/// error ends the work.
///
/// # Errors
/// What a piece of work failed with.
pub fn fold<S: Send, E: Send>(
    threads: usize,
    tasks: usize,
    start: impl Fn() -> S + Sync,
    step: impl Fn(&mut S, usize) -> Result<(), E> + Sync,
) -> Result<Vec<S>, E> {
    let (next, is_over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || {
        let mut state = start();
        loop {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= tasks || is_over.load(Ordering::Relaxed) {
                return Ok(state);
            }
            step(&mut state, task).inspect_err(|_| is_over.store(true, Ordering::Relaxed))?;
        }
    };
    let helpers = threads.min(tasks).saturating_sub(1);
    let Some(crew) = (helpers > 0).then(Crew::free).flatten() else { return work().map(|state| vec![state]) };
    let others = Mutex::new(Vec::with_capacity(helpers));
    let own = crew.pool().in_place_scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| {
                // Nothing is left for who comes late.
                if next.load(Ordering::Relaxed) < tasks {
                    let state = work();
                    others.lock().unwrap_or_else(PoisonError::into_inner).push(state);
                }
            });
        }
        work()
    });
    let others = others.into_inner().unwrap_or_else(PoisonError::into_inner);
    [own].into_iter().chain(others).collect()
}

/// The results of `tasks` pieces of work, in their order.
///
/// # Errors
/// What a piece of work failed with.
fn each<T: Send, E: Send>(
    threads: usize,
    tasks: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let step = |done: &mut Vec<(usize, T)>, task: usize| {
        done.push((task, work(task)?));
        Ok(())
    };
    let mut done: Vec<(usize, T)> = fold(threads, tasks, Vec::new, step)?.into_iter().flatten().collect();
    done.sort_unstable_by_key(|(task, _)| *task);
    Ok(done.into_iter().map(|(_, result)| result).collect())
}

/// What becomes of each of some things, in their order.
pub fn map<T: Send, R: Send>(threads: usize, things: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let things: Vec<Mutex<Option<T>>> = things.into_iter().map(|thing| Mutex::new(Some(thing))).collect();
    let work = |place: usize| {
        let thing = things[place].lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok::<_, Infallible>(thing.map(&work))
    };
    let Ok(done) = each(threads, things.len(), work);
    // Each is taken once.
    done.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_and_errors_end_the_work() {
        for threads in [0, 1, 2, 5] {
            let squares: Result<Vec<usize>, ()> = each(threads, 100, |task| Ok(task * task));
            assert_eq!(squares, Ok((0..100).map(|task| task * task).collect()));
            let failed = each(threads, 100, |task| if task == 50 { Err(task) } else { Ok(task) });
            assert_eq!(failed, Err(50));
            assert_eq!(each(threads, 0, |_| Err::<(), ()>(())), Ok(Vec::new()), "{threads}");
            let texts = (0..100).map(|number| number.to_string()).collect();
            assert_eq!(map(threads, texts, |text: String| text.len()).iter().sum::<usize>(), 190);
        }
    }
}
