//! Finds the tensor of each parameter, by name or by order and shape.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::formats::checkpoint::{Problem, short, size};
use crate::formats::pytorch::names::Slot;
use crate::formats::pytorch::order::compare;

/// The maximum number of problems in an error.
const MAX_PROBLEMS: usize = 20;

/// The shapes of the tensors of a file, by name.
pub(super) type Shapes = BTreeMap<String, Vec<usize>>;

/// Returns the parameter for each tensor, by the tensor's name.
pub(super) fn assign(slots: Vec<Slot>, by_order: bool, shapes: Shapes) -> Result<HashMap<String, Slot>, Problem> {
    // A few names, such as `conv1`, may be equal by chance.
    let has_our_names = 2 * slots.iter().filter(|slot| shapes.contains_key(&slot.name())).count() > slots.len();
    let mut search = Search { shapes, found: HashMap::new(), problems: Vec::new() };
    if by_order && !has_our_names {
        search.by_order(slots);
    } else {
        search.by_name(slots);
    }
    search.finish()
}

struct Search {
    /// The tensors that have no parameter yet.
    shapes: Shapes,
    found: HashMap<String, Slot>,
    problems: Vec<String>,
}

/// The parameters of one layer.
type Layer = Vec<Slot>;

/// The names and shapes of the tensors of a layer.
type Signature = BTreeMap<String, Vec<usize>>;

impl Search {
    fn by_name(&mut self, slots: Vec<Slot>) {
        for slot in slots {
            let name = slot.name();
            self.take(name, slot);
        }
    }

    /// Assigns the tensor of that name, or reports why not.
    fn take(&mut self, name: String, slot: Slot) {
        match self.shapes.remove(&name) {
            None => self.problems.push(format!("it has no `{}` of {}", short(&name), size(&slot.shape))),
            Some(shape) if shape != slot.shape => {
                self.problems.push(format!(
                    "its `{}` is {}, but `{}` should be {}",
                    short(&name),
                    size(&shape),
                    slot.own,
                    size(&slot.shape)
                ));
            }
            Some(_) => drop(self.found.insert(name, slot)),
        }
    }

    fn by_order(&mut self, slots: Vec<Slot>) {
        let mut ours: Vec<Layer> = Vec::new();
        for slot in slots {
            match ours.last_mut().filter(|layer| layer[0].layer == slot.layer) {
                Some(layer) => layer.push(slot),
                None => ours.push(vec![slot]),
            }
        }
        let places: HashMap<String, usize> = ours.iter().map(|layer| layer[0].own.clone()).zip(0..).collect();
        let mut theirs = self.modules();
        let signatures: BTreeSet<Signature> = ours.iter().map(|layer| signature(layer)).collect();
        for equal in signatures {
            let names: Vec<String> =
                theirs.extract_if(.., |(_, found)| *found == equal).map(|(name, _)| name).collect();
            let layers: Vec<Layer> = ours.extract_if(.., |layer| signature(layer) == equal).collect();
            if let Some([one, other]) = names.windows(2).find(|pair| !compare(&pair[0], &pair[1]).1) {
                self.problems.push(format!(
                    "`{}` and `{}` have equal shapes and no numbers to order them, so give the names of all layers",
                    short(one),
                    short(other)
                ));
            }
            let mut names = names.into_iter();
            for layer in layers {
                match names.next() {
                    Some(name) => self.take_layer(&name, layer),
                    None => ours.push(layer),
                }
            }
            theirs.extend(names.map(|name| (name, equal.clone())));
        }
        ours.sort_by_key(|layer| places.get(&layer[0].own).copied());
        theirs.sort_by(|(one, _), (other, _)| compare(one, other).0);
        self.report(ours, theirs);
    }

    /// The layers of the file in natural order, with their signatures.
    fn modules(&self) -> Vec<(String, Signature)> {
        let mut modules: BTreeMap<&str, Signature> = BTreeMap::new();
        for (name, shape) in &self.shapes {
            let (module, part) = name.rsplit_once('.').unwrap_or(("", name));
            modules.entry(module).or_default().insert(part.to_owned(), shape.clone());
        }
        let mut modules: Vec<_> = modules.into_iter().map(|(name, found)| (name.to_owned(), found)).collect();
        modules.sort_by(|(one, _), (other, _)| compare(one, other).0);
        modules
    }

    fn take_layer(&mut self, module: &str, layer: Layer) {
        for slot in layer {
            let slot = Slot { layer: module.to_owned(), ..slot };
            self.take(slot.name(), slot);
        }
    }

    /// Reports the layers that have no module: with other shapes if a module has tensors of the same names.
    fn report(&mut self, ours: Vec<Layer>, mut theirs: Vec<(String, Signature)>) {
        for layer in ours {
            let wanted = signature(&layer);
            let is_similar = |found: &Signature| {
                found.len() == wanted.len()
                    && found.iter().zip(&wanted).all(|((a, one), (b, other))| a == b && one.len() == other.len())
            };
            match theirs.iter().position(|(_, found)| is_similar(found)) {
                Some(place) => {
                    let (module, _) = theirs.remove(place);
                    self.take_layer(&module, layer);
                }
                None => {
                    let missing =
                        layer.iter().map(|slot| format!("it has nothing for `{}` of {}", slot.own, size(&slot.shape)));
                    self.problems.extend(missing);
                }
            }
        }
    }

    fn finish(mut self) -> Result<HashMap<String, Slot>, Problem> {
        let left =
            self.shapes.iter().map(|(name, shape)| format!("its `{}` of {} is left over", short(name), size(shape)));
        self.problems.extend(left);
        if self.problems.is_empty() {
            return Ok(self.found);
        }
        let count = self.problems.len();
        if count > MAX_PROBLEMS {
            self.problems.truncate(MAX_PROBLEMS);
            self.problems.push(format!("and {} more", count - MAX_PROBLEMS));
        }
        Err(format!("does not hold this network: {}", self.problems.join("; ")).into())
    }
}

fn signature(layer: &[Slot]) -> Signature {
    layer.iter().map(|slot| (slot.tensor.clone(), slot.shape.clone())).collect()
}
