//! Builds the graph of an ONNX file from the operations of the layers.

use std::collections::HashMap;
use std::iter;

use nalgebra::DimName;

use crate::formats::error::OnnxError;
use crate::formats::foreign;
use crate::formats::onnx::proto;
use crate::graph::Inside;
use crate::layers::LayerInfo;
use crate::networks::Network;
use crate::parameters::{Attribute, Leaf, Operand, Operation, Operator, Path, PyTorchPart, each};
use crate::scalar::Scalar;
use crate::shape::Shape;

/// The names of the graph's input and output.
const INPUT: &str = "input";
const OUTPUT: &str = "output";
/// The name of the last operation, if there is one.
const LAST: &str = "probabilities";

/// The graph of a network, with an operation after its last layer.
pub(super) fn graph<Net: Network>(net: &Net, last: Option<Operation>) -> Result<proto::Graph, OnnxError> {
    let mut builder = Builder::new();
    let layers: Vec<_> = net.layers().collect();
    let sizes = match Net::Input::CLASSES {
        Some(_) => None,
        None => Some(outside(Net::Input::DIM, layers.first().and_then(|layer| layer.input_image))),
    };
    let input = Value { name: INPUT.to_owned(), sizes };
    let mut y = builder.chain("", &layers, input.clone());
    let output = outside(Net::Output::DIM, layers.last().and_then(|layer| layer.output_image));
    y = builder.reshaped("", y, &output);
    if let Some(last) = last {
        y.name = builder.operation(LAST, &last, &HashMap::<_, Parameter<'_, f32>>::new(), &y.name);
    }
    builder.name_output(&y.name);
    if !builder.unwritable.is_empty() {
        return Err(OnnxError::Layers { names: builder.unwritable });
    }
    let input_type = if input.sizes.is_some() { proto::DataType::Float } else { proto::DataType::Int64 };
    Ok(proto::Graph {
        node: builder.nodes,
        name: Net::NAME.to_owned(),
        initializer: builder.tensors,
        input: vec![value_info(INPUT, input_type, input.sizes.as_deref().unwrap_or_default())],
        output: vec![value_info(OUTPUT, proto::DataType::Float, &output)],
    })
}

/// A value in the graph.
#[derive(Clone)]
struct Value {
    name: String,
    /// The sizes of a sample; `None` for a class number.
    sizes: Option<Vec<usize>>,
}

/// A parameter of a layer, in ONNX's shape.
struct Parameter<'a, T> {
    shape: Vec<usize>,
    values: &'a [T],
    own_shape: &'static [usize],
    layout: PyTorchPart,
}

struct Builder {
    nodes: Vec<proto::Node>,
    tensors: Vec<proto::Tensor>,
    /// The number of uses of each name so far.
    names: HashMap<String, usize>,
    /// The layers that have no operation.
    unwritable: Vec<String>,
}

impl Builder {
    /// A graph without nodes, in which the names of the input and the output are taken.
    fn new() -> Self {
        let names = [INPUT, OUTPUT].map(|name| (name.to_owned(), 1)).into();
        Self { nodes: Vec::new(), tensors: Vec::new(), names, unwritable: Vec::new() }
    }

    /// Adds layers in a row after the value `x`. Returns the last one's output.
    fn chain<T: Scalar>(&mut self, path: &str, layers: &[LayerInfo<'_, T>], mut x: Value) -> Value {
        for layer in layers {
            let path = join(path, layer.name);
            if x.sizes.is_some() {
                x = self.reshaped(&path, x, &sizes(layer.inputs, layer.input_image));
            }
            let name = self.layer(&path, layer, &x);
            x = Value { name, sizes: Some(sizes(layer.outputs, layer.output_image)) };
        }
        x
    }

    /// Adds a layer, and returns the name of its output.
    fn layer<T: Scalar>(&mut self, path: &str, layer: &LayerInfo<'_, T>, x: &Value) -> String {
        match (&layer.operation, &layer.inside) {
            (Some(operation), _) => self.operation(path, operation, &parameters(layer), &x.name),
            (None, Some(Inside::Chain(layers))) => self.chain(path, layers, x.clone()).name,
            (None, Some(Inside::Sum(branches))) => {
                let branches = self.branches(path, branches, x);
                self.node(path, if branches.len() == 2 { "Add" } else { "Sum" }, branches, Vec::new())
            }
            (None, Some(Inside::Concat(branches))) => {
                let branches = self.branches(path, branches, x);
                self.node(path, "Concat", branches, vec![attribute("axis", &Attribute::Integer(1))])
            }
            (None, None) => {
                self.unwritable.push(format!("`{path}` ({})", layer.kind));
                x.name.clone()
            }
        }
    }

    /// Adds the branches of a layer, and returns the names of their outputs. The input itself is an empty branch.
    fn branches<T: Scalar>(&mut self, path: &str, branches: &[Vec<LayerInfo<'_, T>>], x: &Value) -> Vec<String> {
        let is_residual = branches.iter().any(Vec::is_empty);
        let paths =
            (0..branches.len()).map(|place| if is_residual { path.to_owned() } else { format!("{path}.{place}") });
        paths.zip(branches).map(|(path, layers)| self.chain(&path, layers, x.clone()).name).collect()
    }

    /// Adds the operators of a layer, and returns the name of its output.
    fn operation<T: Scalar>(
        &mut self,
        path: &str,
        operation: &Operation,
        parameters: &HashMap<String, Parameter<'_, T>>,
        x: &str,
    ) -> String {
        let mut results: Vec<String> = Vec::new();
        let count = operation.operators.len();
        for (place, Operator { name, operands, attributes }) in operation.operators.iter().enumerate() {
            let operands = operands.iter().map(|&operand| match operand {
                Operand::Input => x.to_owned(),
                Operand::Missing => String::new(),
                Operand::Parameter(name) => self.parameter(path, name, parameters, None),
                Operand::Reshaped(name, shape) => self.parameter(path, name, parameters, Some(shape)),
                Operand::Number(number) => self.floats(&format!("{path}.constant"), &[], iter::once(number)),
                Operand::Constant(index) => {
                    let constant = &operation.constants[index];
                    self.floats(&format!("{path}.constant"), &constant.shape, constant.values.iter().copied())
                }
                Operand::Result(index) => results[index].clone(),
            });
            let operands = operands.collect();
            let attributes = attributes.iter().map(|(name, value)| attribute(name, value)).collect();
            // The last result is the layer's output and has its name.
            let path = if place + 1 == count { path } else { &format!("{path}.{}", name.to_lowercase()) };
            results.push(self.node(path, name, operands, attributes));
        }
        results.pop().unwrap_or_else(|| x.to_owned())
    }

    /// Adds a node of one output, and returns its name.
    fn node(&mut self, path: &str, operator: &str, input: Vec<String>, attribute: Vec<proto::Attribute>) -> String {
        let name = self.new_name(path);
        let (output, op_type) = (vec![name.clone()], operator.to_owned());
        self.nodes.push(proto::Node { input, output, name: name.clone(), op_type, attribute });
        name
    }

    /// Adds a parameter, and returns its name.
    ///
    /// # Panics
    ///
    /// If the layer has no parameter of this name.
    fn parameter<T: Scalar>(
        &mut self,
        path: &str,
        name: &str,
        parameters: &HashMap<String, Parameter<'_, T>>,
        shape: Option<&[usize]>,
    ) -> String {
        let Some(parameter) = parameters.get(name) else {
            panic!("the operation of `{path}` has a parameter `{name}`, which is not a part of the layer");
        };
        let order = foreign::order(parameter.own_shape, parameter.layout);
        let values = order.map(|element| parameter.values[element].as_f64());
        self.floats(&join(path, name), shape.unwrap_or(&parameter.shape), values)
    }

    /// Adds a tensor of numbers, and returns its name.
    #[allow(clippy::cast_possible_truncation)] // ONNX files are in `f32`
    fn floats(&mut self, name: &str, shape: &[usize], values: impl Iterator<Item = f64>) -> String {
        let raw_data = values.flat_map(|value| (value as f32).to_le_bytes()).collect();
        self.tensor(name, proto::DataType::Float, shape, raw_data)
    }

    fn tensor(&mut self, name: &str, kind: proto::DataType, shape: &[usize], raw_data: Vec<u8>) -> String {
        let name = self.new_name(name);
        let dims = shape.iter().map(|&size| integer(size)).collect();
        self.tensors.push(proto::Tensor { dims, data_type: kind.into(), name: name.clone(), raw_data });
        name
    }

    /// The value with these sizes, after a node if it has others.
    fn reshaped(&mut self, path: &str, value: Value, sizes: &[usize]) -> Value {
        if value.sizes.as_deref() == Some(sizes) {
            return value;
        }
        // A size of 0 keeps that of the input: the number of samples.
        let target: Vec<i64> = iter::once(0).chain(sizes.iter().map(|&size| integer(size))).collect();
        let bytes = target.iter().flat_map(|size| size.to_le_bytes()).collect();
        let shape = self.tensor(&join(path, "shape"), proto::DataType::Int64, &[target.len()], bytes);
        let name = self.node(&join(path, "reshape"), "Reshape", vec![value.name, shape], Vec::new());
        Value { name, sizes: Some(sizes.to_vec()) }
    }

    /// A unique name: with a number after it unless it is new.
    fn new_name(&mut self, name: &str) -> String {
        let uses = self.names.entry(name.to_owned()).or_default();
        *uses += 1;
        match *uses {
            1 => name.to_owned(),
            uses => self.new_name(&format!("{name}_{uses}")),
        }
    }

    /// Names a value as the graph's output.
    fn name_output(&mut self, name: &str) {
        if name == INPUT {
            self.node("identity", "Identity", vec![INPUT.to_owned()], Vec::new());
            return self.name_output("identity");
        }
        let names = self.nodes.iter_mut().flat_map(|node| node.input.iter_mut().chain(&mut node.output));
        names.filter(|other| **other == name).for_each(|other| OUTPUT.clone_into(other));
    }
}

/// The sizes of a sample between layers.
fn sizes(features: usize, image: Option<[usize; 3]>) -> Vec<usize> {
    image.map_or_else(|| vec![features], |image| image.to_vec())
}

/// The sizes of a sample of the graph's input or output, where a signal, an image of one row, has no rows.
fn outside(features: usize, image: Option<[usize; 3]>) -> Vec<usize> {
    match image {
        Some([channels, 1, length]) => vec![channels, length],
        _ => sizes(features, image),
    }
}

/// The parameters of a layer, by their names in it.
fn parameters<'a, T: Scalar>(layer: &LayerInfo<'a, T>) -> HashMap<String, Parameter<'a, T>> {
    let mut parameters = HashMap::new();
    each(layer.parameters, Path::root(""), &mut |at, leaf| {
        if let Leaf::Parameter { kind, shape: own_shape, values, pytorch: layout } = leaf {
            let shape = foreign::shape(kind, own_shape, layout);
            parameters.insert(at.to_string(), Parameter { shape, values, own_shape, layout });
        }
    });
    parameters
}

/// Two names with a dot between them, or the only one that is not empty.
fn join(path: &str, name: &str) -> String {
    match (path, name) {
        ("", _) => name.to_owned(),
        (_, "") => path.to_owned(),
        _ => format!("{path}.{name}"),
    }
}

#[allow(clippy::cast_possible_truncation)] // ONNX attributes are in `f32`
fn attribute(name: &str, value: &Attribute) -> proto::Attribute {
    let mut attribute = proto::Attribute { name: name.to_owned(), ..Default::default() };
    let kind = match value {
        Attribute::Integer(value) => {
            attribute.i = Some(*value);
            proto::AttributeType::Int
        }
        Attribute::Integers(values) => {
            attribute.ints.clone_from(values);
            proto::AttributeType::Ints
        }
        Attribute::Number(value) => {
            attribute.f = Some(*value as f32);
            proto::AttributeType::Float
        }
        Attribute::Text(text) => {
            attribute.s = Some(text.as_bytes().to_vec());
            proto::AttributeType::String
        }
    };
    attribute.set_type(kind);
    attribute
}

/// An input or output of `N` samples.
fn value_info(name: &str, kind: proto::DataType, sizes: &[usize]) -> proto::ValueInfo {
    let samples = proto::Size::Symbol("N".to_owned());
    let sizes = iter::once(samples).chain(sizes.iter().map(|&size| proto::Size::Number(integer(size))));
    let dim = sizes.map(|size| proto::Dimension { value: Some(size) }).collect();
    let tensor_type = proto::TensorType { elem_type: kind.into(), shape: Some(proto::TensorShape { dim }) };
    proto::ValueInfo { name: name.to_owned(), r#type: Some(proto::Type { tensor_type: Some(tensor_type) }) }
}

fn integer(size: usize) -> i64 {
    i64::try_from(size).expect("a size fits in an `i64`")
}

#[cfg(test)]
mod tests {
    use prost::Message;

    use super::*;
    use crate::layers::{Affine, Dropout, Embedding, Gelu, Layer, Relu, Residual, Sum};
    use nalgebra::Const;

    /// The graph of layers, encoded and decoded again, without its input and output.
    fn graph(layers: &[LayerInfo<'_, f64>], sizes: Option<Vec<usize>>) -> (proto::Graph, Vec<String>) {
        let mut builder = Builder::new();
        let y = builder.chain("", layers, Value { name: INPUT.to_owned(), sizes });
        builder.name_output(&y.name);
        let graph = proto::Graph { node: builder.nodes, initializer: builder.tensors, ..Default::default() };
        (proto::Graph::decode(&*graph.encode_to_vec()).unwrap(), builder.unwritable)
    }

    /// Each node as `output = operator(inputs)`.
    fn texts(graph: &proto::Graph) -> Vec<String> {
        let text = |node: &proto::Node| format!("{} = {}({})", node.output[0], node.op_type, node.input.join(", "));
        graph.node.iter().map(text).collect()
    }

    #[test]
    fn parameters_have_their_names_and_the_layout_of_onnx() {
        let mut affine = Affine::<3, 2, f64>::default();
        affine.weight.copy_from_slice(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]); // column by column
        affine.bias[1] = 0.5;
        let layers = [LayerInfo::new::<Const<3>, _>("affine1", "Affine<3, 2>", &affine)];
        let (graph, _) = graph(&layers, Some(vec![3]));
        assert_eq!(texts(&graph), ["output = Gemm(input, affine1.weight, affine1.bias)"]);
        assert_eq!((&*graph.node[0].name, graph.node[0].attribute[0].i), ("affine1", Some(1)));
        let [weight, bias] = &graph.initializer[..] else { panic!("{graph:?}") };
        let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        assert_eq!((&weight.dims, &bias.dims), (&vec![2, 3], &vec![2]));
        assert_eq!(weight.raw_data, bytes(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
        assert_eq!(bias.raw_data, bytes(&[0.0, 0.5]));

        let mut embedding = Embedding::<3, 2, f64>::default();
        embedding.weight.copy_from_slice(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let layers = [LayerInfo::new("embedding1", "Embedding<3, 2>", &embedding)];
        let (graph, _) = self::graph(&layers, None);
        assert_eq!(texts(&graph), ["output = Gather(embedding1.weight, input)"]);
        assert_eq!(graph.initializer[0].dims, [3, 2]);
        assert_eq!(graph.initializer[0].raw_data, bytes(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0]));
    }

    #[test]
    fn branches_begin_at_the_same_value() {
        let layer = Sum::new((Residual::new(Relu), Affine::<2, 2, f64>::default()));
        let (graph, _) = graph(&[LayerInfo::new::<Const<2>, _>("sum1", "Sum", &layer)], Some(vec![2]));
        let expected = [
            "sum1.0 = Relu(input)",
            "sum1.0_2 = Add(sum1.0, input)",
            "sum1.1 = Gemm(input, sum1.1.weight, sum1.1.bias)",
            "output = Add(sum1.0_2, sum1.1)",
        ];
        assert_eq!(texts(&graph), expected);
    }

    #[test]
    fn layers_without_nodes_and_with_several() {
        let infos = |layers: [&'static str; 2]| {
            let [first, second] = layers;
            let gelu = LayerInfo::<f64>::new::<Const<2>, _>(second, "Gelu", &Gelu);
            vec![LayerInfo::new::<Const<2>, _>(first, "Dropout", &Dropout { p: 0.5 }), gelu]
        };
        let (graph, _) = graph(&infos(["dropout1", "input"]), Some(vec![2]));
        assert_eq!(graph.node.len(), 8);
        assert_eq!(texts(&graph)[0], "input.mul = Mul(input, input)"); // the graph's input
        assert!(texts(&graph)[7].starts_with("output = Mul("), "{graph:?}");

        let (graph, _) = self::graph(&infos(["dropout1", "gelu1"])[..1], Some(vec![2]));
        assert_eq!(texts(&graph), ["output = Identity(input)"]);
    }

    #[test]
    fn images_and_features_are_reshaped() {
        let relu = LayerInfo::<f64> {
            input_image: Some([2, 1, 3]),
            output_image: Some([2, 1, 3]),
            ..LayerInfo::new::<Const<6>, _>("relu1", "Relu", &Relu)
        };
        let (graph, _) = graph(&[relu], Some(outside(6, Some([2, 1, 3]))));
        assert_eq!(texts(&graph), ["relu1.reshape = Reshape(input, relu1.shape)", "output = Relu(relu1.reshape)"]);
        let sizes: Vec<u8> = [0_i64, 2, 1, 3].iter().flat_map(|size| size.to_le_bytes()).collect();
        assert_eq!(graph.initializer[0].raw_data, sizes);
    }

    #[test]
    fn all_layers_without_an_operation_are_named() {
        let mut layer = LayerInfo::<f64>::new::<Const<2>, _>("own1", "Own", &Relu);
        layer.operation = None;
        let (_, unwritable) = graph(&[layer.clone(), layer], Some(vec![2]));
        assert_eq!(
            OnnxError::Layers { names: unwritable }.to_string(),
            "cannot write ONNX: no operators for `own1` (Own) and `own1` (Own); implement `Layer::operation`"
        );
        assert!(Layer::<f64, Const<2>>::operation(&Relu).is_some());
    }
}
