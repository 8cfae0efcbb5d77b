//! The terminal that a bar is drawn on.

use std::io;

use console::Term;
use indicatif::{ProgressDrawTarget, TermLike};

/// How often the bar is drawn anew in a second.
const DRAWINGS: u8 = 20;
/// How many columns stay free at the right: a terminal shows Ctrl-C as `^C` behind the bar, and where that began a new
/// line, the bar could not be taken away any more.
const MARGIN: u16 = 4;

/// Standard error, if it is a terminal.
pub fn target() -> ProgressDrawTarget {
    let terminal = Term::buffered_stderr(); // else the bar would flicker, cleared and not yet drawn
    if terminal.is_term() {
        ProgressDrawTarget::term_like_with_hz(Box::new(Narrow(terminal)), DRAWINGS)
    } else {
        ProgressDrawTarget::hidden()
    }
}

/// A terminal that seems to have fewer columns than it has.
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
