//! Builds the graph of a network, from its declaration or at run time.

use super::group::{Element, Group};
use super::{Graph, Inside, Kind, Node};

/// The texts of a layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layer {
    pub name: String,
    pub kind: String,
    /// The number of input features, or the shape of an input image, such as `16 x 12 x 12`.
    pub inputs: String,
    /// The number of output features, or the shape of an output image.
    pub outputs: String,
    /// The number of parameters; empty if it is unknown.
    pub parameters: String,
    /// The names and shapes of the parameter blocks. They are not drawn if the inside is.
    pub blocks: Vec<[String; 2]>,
    /// The inner layers. The layer is a box around them, unless there are none.
    pub inside: Option<Inside<Self>>,
}

/// Builds a chain of layers, each with its parameters, followed by the loss with the target as its second operand, or by
/// the output of a block.
///
/// A layer with inner layers is a box. Layers that repeat an earlier box, or a row of layers with a box, are one closed box
/// that refers to it. So the drawing of 20 equal blocks is as wide as that of two.
pub fn graph(layers: &[Layer], outputs: &str, loss: Option<&str>) -> Graph {
    let mut builder = Builder::default();
    let input = builder.graph.node(Kind::Input, "x");
    let (last, _) = builder.add_chain(layers, input, None);
    let mut graph = builder.graph;
    let Some(loss) = loss else {
        let output = graph.node(Kind::Output, "y");
        graph.edge(last, output, batch(outputs), "");
        return graph;
    };
    let target = graph.node(Kind::Input, "t");
    let loss = graph.node(Kind::Loss, format!("loss\n{loss}"));
    graph.edge(last, loss, batch(outputs), "");
    graph.edge(target, loss, "", "");
    let output = graph.node(Kind::Output, "L");
    graph.edge(loss, output, "", "");
    graph
}

#[derive(Default)]
struct Builder<'a> {
    graph: Graph,
    /// The boxes so far, with their paths.
    boxes: Vec<(String, &'a Layer)>,
    /// The names of the open boxes and the numbers of their branches, each followed by a dot.
    path: String,
}

impl<'a> Builder<'a> {
    /// Adds layers after the node `before`. Returns the last node and the elements of the group.
    fn add_chain(&mut self, layers: &'a [Layer], before: usize, group: Option<usize>) -> (usize, Vec<Element>) {
        let (mut last, mut elements, mut place) = (before, Vec::new(), 0);
        while let Some(layer) = layers.get(place) {
            let repeat = self.repeat(layers, place);
            let element;
            (last, element) = match (&repeat, &layer.inside) {
                (Some(repeat), _) => {
                    let label = repeat.label(&layers[place..]);
                    self.add_node(layer, &[], label, last, group)
                }
                (None, Some(inside)) if inside.branches().iter().any(|branch| !branch.is_empty()) => {
                    self.add_box(layer, inside, last, group)
                }
                _ => self.add_node(layer, &layer.blocks, label(layer), last, group),
            };
            elements.push(element);
            place += repeat.map_or(1, |repeat| repeat.len());
        }
        (last, elements)
    }

    /// The longest part of the chain from `place` that repeats boxes which are drawn already.
    fn repeat(&self, layers: &[Layer], place: usize) -> Option<Repeat> {
        let rest = &layers[place..];
        let is_box = |layer: &Layer| layer.inside.is_some();
        let count = |pattern: &[Layer]| {
            rest.chunks_exact(pattern.len())
                .take_while(|next| next.iter().zip(pattern).all(|(a, b)| is_same(a, b)))
                .count()
        };
        let earlier = self.boxes.iter().find(|(_, earlier)| rest.first().is_some_and(|layer| is_same(earlier, layer)));
        let equal = earlier.map(|(path, layer)| {
            let earlier = path.strip_prefix(&self.path).unwrap_or(path).to_owned();
            Repeat { period: 1, count: count(std::slice::from_ref(layer)), earlier }
        });
        let patterns = (2..=LONGEST_PATTERN.min(place)).filter_map(|period| {
            let pattern = &layers[place - period..place];
            let earlier = format!("{} to {}", pattern[0].name, pattern[period - 1].name);
            let repeat = Repeat { period, count: count(pattern), earlier };
            (repeat.count > 1 && pattern.iter().any(is_box)).then_some(repeat)
        });
        // Of equally long ones, the first has the shortest pattern.
        equal.into_iter().chain(patterns).reduce(|best, next| if next.len() > best.len() { next } else { best })
    }

    /// Adds a layer and its parameters after the node `before`.
    fn add_node(
        &mut self,
        layer: &Layer,
        blocks: &[[String; 2]],
        label: String,
        before: usize,
        group: Option<usize>,
    ) -> (usize, Element) {
        let graph = &mut self.graph;
        let blocks: Vec<usize> =
            blocks.iter().map(|[name, shape]| graph.node(Kind::Parameter, format!("{name}\n{shape}"))).collect();
        let node = graph.node(Kind::Layer, label);
        graph.edge(before, node, batch(&layer.inputs), "");
        for &block in &blocks {
            graph.edge(block, node, "", "");
        }
        self.enter(group, blocks.into_iter().chain([node]));
        (node, Element::Node(node))
    }

    /// Adds a box with its inside after the node `before`. Returns the node at the end of its inside.
    fn add_box(
        &mut self,
        layer: &'a Layer,
        inside: &'a Inside<Layer>,
        before: usize,
        group: Option<usize>,
    ) -> (usize, Element) {
        self.boxes.push((format!("{}{}", self.path, layer.name), layer));
        let number = self.graph.groups.len();
        self.graph.groups.push(Group::new(title(layer), group));
        let outside = self.path.len();
        if !layer.name.is_empty() {
            self.path = format!("{}{}.", self.path, layer.name);
        }
        let (mut ends, mut branches) = (Vec::new(), Vec::new());
        let count = inside.branches().iter().filter(|branch| !branch.is_empty()).count();
        let length = self.path.len();
        for (place, branch) in inside.branches().iter().enumerate() {
            if count > 1 {
                self.path = format!("{}{place}.", &self.path[..length]);
            }
            let (end, elements) = self.add_chain(branch, before, Some(number));
            ends.push((end, branch.last().map_or(&layer.inputs, |last| &last.outputs)));
            branches.push(elements);
        }
        self.path.truncate(outside);
        let mut last = ends.last().map_or(before, |&(end, _)| end);
        if let Some(name) = joint(inside) {
            let joint = self.graph.node(Kind::Operator, name);
            for (end, features) in ends {
                self.graph.edge(end, joint, batch(features), "");
            }
            self.enter(Some(number), [joint]);
            self.graph.groups[number].joint = Some(joint);
            last = joint;
        }
        self.graph.groups[number].branches = branches;
        (last, Element::Group(number))
    }

    /// Makes nodes members of a group.
    fn enter(&mut self, group: Option<usize>, nodes: impl IntoIterator<Item = usize>) {
        let Some(group) = group else { return };
        for node in nodes {
            let Node { kind, label, .. } = &self.graph.nodes[node];
            let name = label.split('\n').next().unwrap_or_default();
            let path = if *kind == Kind::Operator { "" } else { &self.path };
            self.graph.groups[group].members.push((node, format!("{path}{name}")));
        }
    }
}

/// Layers in a row that repeat earlier ones, and share a closed box.
struct Repeat {
    /// The number of layers in the pattern.
    period: usize,
    /// The number of times that the pattern repeats.
    count: usize,
    /// The path of the earlier box, or the names of the earlier layers.
    earlier: String,
}

/// The maximum number of layers in a repeated pattern.
const LONGEST_PATTERN: usize = 6;

impl Repeat {
    /// The number of layers.
    fn len(&self) -> usize {
        self.period * self.count
    }

    /// The label of the closed box.
    fn label(&self, layers: &[Layer]) -> String {
        let Self { period, count, earlier } = self;
        let (first, last) = (&layers[0].name, &layers[self.len() - 1].name);
        let name = match self.len() {
            1 => first.clone(),
            2 => format!("{first}, {last}"),
            _ => format!("{first} to {last}"),
        };
        let kinds: Vec<&str> = layers[..*period].iter().map(short_kind).collect();
        let mut kinds = kinds.join(" → ");
        let mut each = "";
        if *count > 1 {
            kinds = if *period > 1 { format!("{count} × ({kinds})") } else { format!("{count} × {kinds}") };
            each = " each";
        }
        let parameters = parameters(&layers[0]).filter(|_| *period == 1);
        let parameters = parameters.map_or_else(String::new, |parameters| format!("\n{parameters}{each}"));
        format!("{}{parameters}\nsame as {earlier}", named(&name, "\n", &kinds))
    }
}

/// The label of the node where branches meet.
fn joint(inside: &Inside<Layer>) -> Option<&'static str> {
    match inside {
        Inside::Chain(_) => None,
        Inside::Sum(_) => Some("+"),
        Inside::Concat(_) => Some("concat"),
    }
}

/// Returns true if two layers have the same type and the same inside.
fn is_same(one: &Layer, other: &Layer) -> bool {
    let texts = one.kind == other.kind && one.parameters == other.parameters;
    texts && one.inputs == other.inputs && one.outputs == other.outputs && one.inside == other.inside
}

/// A layer's name, type and, if known and not zero, its number of parameters.
fn label(layer: &Layer) -> String {
    let parameters = parameters(layer).map_or_else(String::new, |parameters| format!("\n{parameters}"));
    format!("{}{parameters}", named(&layer.name, "\n", &layer.kind))
}

/// A layer's name and type, or its type alone if it has no name.
fn named(name: &str, separator: &str, kind: &str) -> String {
    if name.is_empty() { kind.to_owned() } else { format!("{name}{separator}{kind}") }
}

fn parameters(layer: &Layer) -> Option<String> {
    match layer.parameters.as_str() {
        "" | "0" => None,
        "1" => Some("1 parameter".to_owned()),
        count => Some(format!("{count} parameters")),
    }
}

/// The title of a box: its name, type, shapes and parameters.
fn title(layer: &Layer) -> String {
    let Layer { name, inputs, outputs, .. } = layer;
    let parameters = parameters(layer).map_or_else(String::new, |parameters| format!(", {parameters}"));
    let noun = if outputs.contains(" x ") { "" } else { " features" };
    format!("{}\n{inputs} → {outputs}{noun}{parameters}", named(name, ": ", short_kind(layer)))
}

/// A layer's type, without the layers in brackets that are drawn inside its box.
fn short_kind(layer: &Layer) -> &str {
    layer.inside.as_ref().map_or(&layer.kind, |inside| inside.short_kind(&layer.kind))
}

/// The shape of a batch.
fn batch(features: &str) -> String {
    format!("N x {features}")
}

/// Networks with boxes, for tests of all formats.
#[cfg(test)]
pub mod examples {
    use super::{Layer, graph};
    use crate::{Graph, Inside};

    /// A layer without inner layers. Its parameters are those of `Affine<inputs, outputs>`, or none.
    pub fn layer(name: &str, kind: &str, inputs: usize, outputs: usize) -> Layer {
        let blocks = vec![
            [format!("{name}.weight"), format!("{inputs} x {outputs}")],
            [format!("{name}.bias"), format!("1 x {outputs}")],
        ];
        let has_parameters = kind == "Affine";
        Layer {
            name: name.to_owned(),
            kind: if has_parameters { format!("Affine<{inputs}, {outputs}>") } else { kind.to_owned() },
            inputs: inputs.to_string(),
            outputs: outputs.to_string(),
            parameters: if has_parameters { (inputs * outputs + outputs).to_string() } else { "0".to_owned() },
            blocks: if has_parameters { blocks } else { Vec::new() },
            inside: None,
        }
    }

    /// A layer with inner layers.
    pub fn with_inside(name: &str, kind: &str, [inputs, outputs]: [usize; 2], inside: Inside<Layer>) -> Layer {
        let layers = inside.branches().iter().flatten();
        let parameters: usize = layers.map(|layer| layer.parameters.parse::<usize>().unwrap_or(0)).sum();
        let parameters = parameters.to_string();
        Layer { parameters, inside: Some(inside), ..layer(name, kind, inputs, outputs) }
    }

    pub fn affine(name: &str, inputs: usize, outputs: usize) -> Layer {
        layer(name, "Affine", inputs, outputs)
    }

    pub fn relu(name: &str, features: usize) -> Layer {
        layer(name, "Relu", features, features)
    }

    /// A block of three layers.
    pub fn hidden(name: &str, features: usize) -> Layer {
        let dropout = layer("dropout1", "Dropout(0.5)", features, features);
        let inside = vec![affine("affine1", features, features), relu("relu1", features), dropout];
        with_inside(name, &format!("Hidden<{features}>"), [features; 2], Inside::Chain(inside))
    }

    /// A residual connection around two blocks, of which the second one is closed.
    pub fn residual(name: &str, features: usize) -> Layer {
        let kind = format!("Residual[Hidden<{features}> -> Hidden<{features}>]");
        let chain = vec![hidden("hidden1", features), hidden("hidden2", features)];
        with_inside(name, &kind, [features; 2], Inside::Sum(vec![chain, Vec::new()]))
    }

    fn network(inside: Vec<Layer>) -> Graph {
        let features: usize = inside[0].inputs.parse().unwrap();
        let outputs: usize = inside[inside.len() - 1].outputs.parse().unwrap();
        let mut layers = vec![affine("affine1", 2, features)];
        layers.extend(inside);
        layers.push(affine("affine2", outputs, 3));
        graph(&layers, "3", Some("SoftmaxWithLoss"))
    }

    pub fn one_block() -> Graph {
        network(vec![hidden("hidden1", 16)])
    }

    /// A chain of blocks in blocks.
    pub fn three_deep() -> Graph {
        let middle = |name: &str| {
            let inside = vec![hidden("hidden1", 8), layer("batch_norm1", "BatchNorm<8>", 8, 8), hidden("hidden2", 8)];
            with_inside(name, "Middle<8>", [8; 2], Inside::Chain(inside))
        };
        let outer = vec![middle("first"), relu("relu1", 8), middle("second"), hidden("hidden1", 8)];
        network(vec![with_inside("outer1", "Outer<8>", [8; 2], Inside::Chain(outer)), hidden("hidden1", 8)])
    }

    pub fn twenty_blocks() -> Graph {
        network((1..=20).map(|number| hidden(&format!("hidden{number}"), 16)).collect())
    }

    /// Blocks that alternate with a layer, so that no two closed boxes are neighbors.
    pub fn twenty_blocks_with_layers_between() -> Graph {
        network(
            (1..=20)
                .flat_map(|number| [hidden(&format!("hidden{number}"), 16), relu(&format!("relu{number}"), 16)])
                .collect(),
        )
    }

    /// Three branches of different lengths.
    pub fn three_branches() -> Graph {
        let branches = vec![
            vec![affine("affine1", 8, 4)],
            vec![affine("affine1", 8, 16), relu("relu1", 16), affine("affine2", 16, 4), relu("relu2", 4)],
            vec![relu("relu1", 8), affine("affine1", 8, 4)],
        ];
        network(vec![with_inside("concat1", "Concat[..]", [8, 12], Inside::Concat(branches))])
    }

    /// A residual connection in a branch of a sum, the other branch of which is a residual connection of a layer.
    pub fn residual_in_a_branch() -> Graph {
        let short = Inside::Sum(vec![Vec::new(), vec![affine("affine1", 8, 8)]]);
        let short = with_inside("residual1", "Residual[Affine<8, 8>]", [8; 2], short);
        let branches = vec![vec![residual("residual1", 8), relu("relu1", 8)], vec![short]];
        network(vec![with_inside("sum1", "Sum[..]", [8; 2], Inside::Sum(branches))])
    }

    pub fn all() -> Vec<(&'static str, Graph)> {
        vec![
            ("one-block", one_block()),
            ("three-deep", three_deep()),
            ("twenty-blocks", twenty_blocks()),
            ("twenty-blocks-between", twenty_blocks_with_layers_between()),
            ("three-branches", three_branches()),
            ("residual-in-a-branch", residual_in_a_branch()),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::examples::*;
    use super::*;

    fn labels(graph: &Graph, kind: Kind) -> Vec<&str> {
        graph.nodes().iter().filter(|node| node.kind == kind).map(|node| node.label.as_str()).collect()
    }

    /// The lines from a node of one label to a node of another, by the first lines of both.
    fn lines(graph: &Graph) -> Vec<(String, String, &str)> {
        let first = |node: usize| graph.nodes()[node].label.lines().next().unwrap_or_default().to_owned();
        let is_line = |&edge: &&super::super::Edge| graph.nodes()[edge.from].kind != Kind::Parameter;
        graph.edges().iter().filter(is_line).map(|edge| (first(edge.from), first(edge.to), &*edge.value)).collect()
    }

    fn line<'a>(from: &str, to: &str, value: &'a str) -> (String, String, &'a str) {
        (from.to_owned(), to.to_owned(), value)
    }

    #[test]
    fn a_chain_without_boxes_has_no_groups() {
        let layers = [affine("affine1", 4, 3), relu("relu1", 3)];
        let graph = graph(&layers, "3", None);
        assert!(graph.groups.is_empty());
        assert_eq!(labels(&graph, Kind::Layer), ["affine1\nAffine<4, 3>\n15 parameters", "relu1\nRelu"]);
        let expected = [line("x", "affine1", "N x 4"), line("affine1", "relu1", "N x 3"), line("relu1", "y", "N x 3")];
        assert_eq!(lines(&graph), expected);
    }

    #[test]
    fn a_residual_connection_meets_its_input() {
        let graph = graph(&[residual("residual1", 8)], "8", None);
        let expected = [
            line("x", "affine1", "N x 8"),
            line("affine1", "relu1", "N x 8"),
            line("relu1", "dropout1", "N x 8"),
            line("dropout1", "hidden2", "N x 8"),
            line("hidden2", "+", "N x 8"),
            line("x", "+", "N x 8"),
            line("+", "y", "N x 8"),
        ];
        assert_eq!(lines(&graph), expected);
        let titles: Vec<&str> = graph.groups.iter().map(|group| group.title.as_str()).collect();
        assert_eq!(
            titles,
            [
                "residual1: Residual\n8 → 8 features, 144 parameters",
                "hidden1: Hidden<8>\n8 → 8 features, 72 parameters"
            ]
        );
        assert_eq!((graph.groups[0].parent, graph.groups[1].parent), (None, Some(0)));
        assert!(graph.groups[0].branches[1].is_empty());
    }

    #[test]
    fn equal_boxes_are_closed() {
        let closed = |layers: &[Layer]| -> Vec<String> {
            let graph = graph(layers, "8", None);
            labels(&graph, Kind::Layer)
                .into_iter()
                .filter(|label| label.contains("same as"))
                .map(str::to_owned)
                .collect()
        };
        let [a, b, c] = ["a", "b", "c"].map(|name| hidden(name, 8));
        assert_eq!(closed(&[a.clone(), b.clone()]), ["b\nHidden<8>\n72 parameters\nsame as a"]);
        assert_eq!(closed(&[a.clone(), b.clone(), c.clone()]), ["b, c\n2 × Hidden<8>\n72 parameters each\nsame as a"]);
        // A layer of another size, with another inside, or without one is open.
        let mut other = b.clone();
        other.inside = Some(Inside::Chain(vec![affine("affine1", 8, 8)]));
        assert_eq!(closed(&[a.clone(), other, hidden("d", 9), layer("e", "Hidden<8>", 8, 8)]), [""; 0]);
        // Only a pattern with a box is closed.
        let between = [a, relu("relu1", 8), b, relu("relu2", 8), c, relu("relu3", 8), relu("relu4", 8)];
        assert_eq!(closed(&between), ["b to relu3\n2 × (Hidden<8> → Relu)\nsame as a to relu1"]);
        assert_eq!(closed(&(0..8).map(|place| relu(&format!("relu{place}"), 8)).collect::<Vec<_>>()), [""; 0]);
    }

    #[test]
    fn a_closed_box_names_the_path_of_the_open_one() {
        let graph = three_deep();
        let same: Vec<&str> = labels(&graph, Kind::Layer)
            .iter()
            .filter_map(|label| label.split_once("same as "))
            .map(|(_, path)| path)
            .collect();
        assert_eq!(same, ["hidden1", "first", "first.hidden1", "outer1.first.hidden1"]);
    }

    #[test]
    fn twenty_equal_blocks_are_hardly_wider_than_two() {
        let width = |graph: &Graph| crate::layout::Layout::new(graph).width;
        assert!(width(&twenty_blocks()) < 1.2 * width(&one_block()));
        assert!(width(&twenty_blocks_with_layers_between()) < 1.4 * width(&one_block()));
    }

    #[test]
    fn a_block_as_text() {
        let text = "\
hidden1: Hidden<2>  2 → 2 features, 6 parameters
  hidden1.affine1  Affine<2, 2>  6 parameters
      x                       N x 2
      hidden1.affine1.weight  2 x 2
      hidden1.affine1.bias    1 x 2
  hidden1.relu1  Relu
      hidden1.affine1  N x 2
  hidden1.dropout1  Dropout(0.5)
      hidden1.relu1  N x 2
y
    hidden1.dropout1  N x 2
";
        assert_eq!(graph(&[hidden("hidden1", 2)], "2", None).to_string(), text);
    }

    /// The nesting of clusters and subgraphs, with their nodes.
    #[test]
    fn boxes_are_clusters_and_subgraphs() {
        let graph = graph(&[residual("residual1", 2)], "2", None);
        let outline = |text: &str| -> Vec<String> {
            let words = text.lines().filter_map(|line| line.split_whitespace().next().map(|first| (first, line)));
            let kept = words.filter(|(first, line)| {
                (first.starts_with('n')
                    && first[1..].starts_with(|c: char| c.is_ascii_digit())
                    && !line.contains("->")
                    && !line.contains("-->"))
                    || ["subgraph", "}", "end"].contains(first)
            });
            kept.map(|(first, _)| first.chars().take_while(char::is_ascii_alphanumeric).collect::<String>()).collect()
        };
        let nested = ["n0", "subgraph", "subgraph", "n1", "n2", "n3", "n4", "n5", "", "n6", "n7", "", "n8", ""];
        assert_eq!(outline(&graph.to_dot()), nested);
        let nested = ["n0", "subgraph", "subgraph", "n1", "n2", "n3", "n4", "n5", "end", "n6", "n7", "end", "n8"];
        assert_eq!(outline(&graph.to_mermaid()), nested);
        assert!(graph.to_dot().contains("subgraph cluster_1 {\n  label=\"hidden1: Hidden<2>\\n2 → 2 features"));
    }

    #[test]
    #[ignore = "writes files to the folder TYPENET_DRAWINGS"]
    fn drawings_for_other_programs() {
        let folder =
            std::path::PathBuf::from(std::env::var_os("TYPENET_DRAWINGS").expect("TYPENET_DRAWINGS is a folder"));
        for (name, graph) in all() {
            for (ending, text) in [
                ("svg", graph.to_svg()),
                ("dot", graph.to_dot()),
                ("mmd", graph.to_mermaid()),
                ("txt", graph.to_string()),
            ] {
                std::fs::write(folder.join(name).with_extension(ending), text).expect("the folder can be written to");
            }
        }
    }
}
