//! The names that lead to a part.

#[cfg(feature = "alloc")]
use alloc::string::ToString;
#[cfg(feature = "alloc")]
use std::fmt::{self, Display, Formatter};

/// The path of names to a part, such as `affine1.weight`: a linked list on the stack.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Self>,
    name: &'static str,
}

impl<'a> Path<'a> {
    /// A path of one name.
    pub const fn root(name: &'static str) -> Self {
        Self { parent: None, name }
    }

    /// The path without its last name.
    pub(crate) const fn parent(&self) -> Option<&'a Self> {
        self.parent
    }

    /// The last name.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns whether the path has this text.
    pub(crate) const fn is(&self, text: &str) -> bool {
        self.is_start(text.as_bytes(), text.len())
    }

    /// Returns whether the text is a path below this one.
    pub(crate) const fn is_above(&self, text: &str) -> bool {
        let (text, mut end) = (text.as_bytes(), 0);
        while end < text.len() {
            if text[end] == b'.' && self.is_start(text, end) {
                return true;
            }
            end += 1;
        }
        false
    }

    /// Returns whether the path has the text before `end`.
    const fn is_start(&self, text: &[u8], end: usize) -> bool {
        let name = self.name.as_bytes();
        if name.len() > end {
            return false;
        }
        let rest = end - name.len();
        let mut next = 0;
        while next < name.len() {
            if text[rest + next] != name[next] {
                return false;
            }
            next += 1;
        }
        match self.parent {
            None => rest == 0,
            Some(parent) if name.is_empty() || rest == 0 => parent.is_start(text, rest),
            Some(parent) => text[rest - 1] == b'.' && parent.is_start(text, rest - 1),
        }
    }

    /// The path extended by a name.
    #[must_use]
    pub const fn then(&'a self, name: &'static str) -> Self {
        Self { parent: Some(self), name }
    }
}

/// Writes the names separated by dots, skipping empty ones.
#[cfg(feature = "alloc")]
impl Display for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Some(parent) = self.parent else { return f.write_str(self.name) };
        let above = parent.to_string();
        match (above.is_empty(), self.name.is_empty()) {
            (true, _) => f.write_str(self.name),
            (_, true) => f.write_str(&above),
            _ => write!(f, "{above}.{}", self.name),
        }
    }
}
