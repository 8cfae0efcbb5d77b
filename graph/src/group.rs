//! Groups of nodes: the boxes around the inner layers of a layer.

use super::Graph;

/// A box around nodes and other boxes. Lines enter on the left and leave on the right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The lines of text at the top of the box.
    pub title: String,
    /// The group around this one.
    pub parent: Option<usize>,
    /// All nodes in this group, except those in groups inside it, and the full name of each.
    pub members: Vec<(usize, String)>,
    /// The layers and groups on each branch. An empty branch is a line from the box's input to the joint.
    pub branches: Vec<Vec<Element>>,
    /// The node where the branches meet. Without it there is one branch.
    pub joint: Option<usize>,
}

/// An element of a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    Node(usize),
    Group(usize),
}

/// A step through all nodes, as they are nested in groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A group begins; the number of groups around it.
    Open(usize, usize),
    /// A node; the number of groups around it.
    Node(usize, usize),
    /// The innermost group ends; the number of groups around it.
    Close(usize),
}

impl Group {
    pub fn new(title: String, parent: Option<usize>) -> Self {
        Self { title, parent, members: Vec::new(), branches: Vec::new(), joint: None }
    }
}

impl Graph {
    /// The group of each node.
    pub(crate) fn owners(&self) -> Vec<Option<usize>> {
        let mut owners = vec![None; self.nodes.len()];
        for (number, group) in self.groups.iter().enumerate() {
            group.members.iter().for_each(|&(node, _)| owners[node] = Some(number));
        }
        owners
    }

    /// A group and the groups around it, from the innermost to the outermost.
    pub(crate) fn around(&self, group: Option<usize>) -> impl Iterator<Item = usize> {
        std::iter::successors(group, |&group| self.groups[group].parent)
    }

    /// All nodes in their order, with the begin and end of each group.
    pub(crate) fn steps(&self) -> Vec<Step> {
        let (mut open, mut steps): (Vec<usize>, Vec<Step>) = (Vec::new(), Vec::new());
        for (node, owner) in self.owners().into_iter().enumerate() {
            let mut around: Vec<usize> = self.around(owner).collect();
            around.reverse();
            let common = open.iter().zip(&around).take_while(|(one, other)| one == other).count();
            while open.len() > common {
                open.pop();
                steps.push(Step::Close(open.len()));
            }
            for &group in &around[common..] {
                steps.push(Step::Open(group, open.len()));
                open.push(group);
            }
            steps.push(Step::Node(node, open.len()));
        }
        steps.extend((0..open.len()).rev().map(Step::Close));
        steps
    }
}
