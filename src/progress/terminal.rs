//! The terminal for the progress bar.

use std::io;

use console::Term;
use indicatif::{ProgressDrawTarget, TermLike};

/// The number of redraws per second.
const DRAWINGS: u8 = 20;
/// The number of free columns at the right.
///
/// A terminal prints `^C` for Ctrl-C after the bar. If that wrapped to a new line, the bar could not be cleared.
const MARGIN: u16 = 4;

/// Standard error, if it is a terminal.
pub fn target() -> ProgressDrawTarget {
    let terminal = Term::buffered_stderr(); // unbuffered, the bar would flicker between clearing and drawing
    if terminal.is_term() {
        ProgressDrawTarget::term_like_with_hz(Box::new(Narrow(terminal)), DRAWINGS)
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// A terminal that reports fewer columns than it has.
#[derive(Debug)]
struct Narrow(Term);

impl TermLike for Narrow {
    fn width(&self) -> u16 {
        self.0.size().1.saturating_sub(MARGIN).max(1)
    }

    fn height(&self) -> u16 {
        self.0.size().0
    }

    fn move_cursor_up(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> io::Result<()> {
        self.0.move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> io::Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> io::Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> io::Result<()> {
        self.0.flush()
    }
}
