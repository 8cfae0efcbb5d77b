//! Random networks over images and signals: convolutions, pooling, blocks, residuals and branches, up to 3 levels deep.
//!
//! The test generates and runs programs, which run the checks of `support/any_network.rs` for each network, as
//! `random_blocks` does. `TYPENET_SEED=7 cargo test --test random_images` tests other networks.

#[path = "support/program.rs"]
mod program;

use std::fmt::Write;
use std::ops::Range;

use typenet::rand::{RngExt, SeedableRng, rngs::StdRng};

const NETWORKS: usize = 80;
/// They are compiled and run at the same time.
const PROGRAMS: usize = 4;
const DEEPEST: usize = 3;

/// The largest difference of `infer` and `predict`, relative to the largest output.
const ROUNDING: f64 = 2e-14;

/// The images and signals with 96 features that networks begin with.
const INPUTS: [Image; 9] = [
    Image { channels: 1, sides: [8, 12] },
    Image { channels: 1, sides: [12, 8] },
    Image { channels: 2, sides: [6, 8] },
    Image { channels: 3, sides: [4, 8] },
    Image { channels: 4, sides: [8, 3] },
    Image { channels: 6, sides: [4, 4] },
    Image { channels: 2, sides: [1, 48] },
    Image { channels: 4, sides: [1, 24] },
    Image { channels: 8, sides: [1, 12] },
];

/// A block for images of any number of channels. Its convolution in front of `BatchNorm` has a bias without effect.
const UNIT: &str =
    "Residual[Tanh -> centered: Conv2d<C, C, 3>(padding = same) -> BatchNorm<C> -> Tanh -> Conv2d<_, C, 1>] -> Elu";

#[derive(Clone, Copy)]
struct Image {
    channels: usize,
    /// Height and width. A signal has one row.
    sides: [usize; 2],
}

impl Image {
    fn is_signal(self) -> bool {
        self.sides[0] == 1
    }

    /// The layer at the begin of a network or a block.
    fn input(self) -> String {
        match self {
            Self { channels, sides: [1, length] } => format!("Input<{channels}, {length}>"),
            Self { channels, sides: [height, width] } => format!("Input<{channels}, {height}, {width}>"),
        }
    }
}

/// Layers of the same window, so that branches with them have outputs of the same sides.
#[derive(Clone, Copy)]
enum Shrink {
    /// Half of each side, rounded up.
    Half,
    /// One less of each side.
    One,
}

impl Shrink {
    /// The sides of a smaller image.
    fn sides(self, sides: [usize; 2]) -> [usize; 2] {
        sides.map(|side| match self {
            Self::Half => side.div_ceil(2),
            Self::One => 1.max(side - 1),
        })
    }
}

/// The pooling to these sides.
fn adaptive_pooling([height, width]: [usize; 2]) -> String {
    let sides = if height == width { height.to_string() } else { format!("{height}, {width}") };
    format!("AdaptiveAveragePool2d<{sides}>")
}

/// A random network and its blocks.
struct Random<'a> {
    rng: &'a mut StdRng,
    number: usize,
    blocks: Vec<String>,
    names: usize,
    /// The number of `BatchNorm` layers.
    norms: usize,
}

impl Random<'_> {
    fn channels(&mut self) -> usize {
        self.rng.random_range(2..=5)
    }

    /// The number of channels, or `_`.
    fn known(&mut self, channels: usize) -> String {
        if self.rng.random() { "_".to_owned() } else { channels.to_string() }
    }

    fn pick<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.rng.random_range(0..texts.len())]
    }

    fn name(&mut self) -> usize {
        self.names += 1;
        self.names
    }

    /// A chain of layers that keep the sides of images, except the first one, and end with the given channels.
    fn chain(&mut self, mut image: Image, channels: usize, shrink: Option<Shrink>, depth: usize) -> String {
        let mut layers = Vec::new();
        if let Some(shrink) = shrink {
            layers.push(self.shrinking(&mut image, shrink));
        }
        let count = self.rng.random_range(1..=2);
        let deep = self.rng.random_range(0..count);
        for place in 0..count {
            let is_deep = depth > 0 && place == deep;
            layers.push(if is_deep { self.layer_of_layers(&mut image, depth - 1) } else { self.layer(&mut image) });
        }
        if image.channels != channels {
            let known = self.known(image.channels);
            let layer = if image.is_signal() { "Conv1d" } else { "Conv2d" };
            layers.push(format!("{layer}<{known}, {channels}, 1>"));
        }
        layers.join(" -> ")
    }

    /// A layer, or several in a row, that keeps the sides of images.
    ///
    /// All parameters have an effect: `Tanh` in front of `BatchNorm` keeps earlier biases and scales from cancelling, and
    /// every weight of a window meets a pixel. The only exception is named `centered`.
    fn layer(&mut self, image: &mut Image) -> String {
        let known = self.known(image.channels);
        let smallest = image.sides[0].min(image.sides[1]);
        match self.rng.random_range(0..18) {
            0..=3 => self.convolution(image, &known),
            4 if smallest > 1 => {
                let settings = self.pick(&["padding = same", "padding = same, bias = false"]);
                format!("DepthwiseConv2d<{known}, 3>({settings})")
            }
            5 => {
                let name = self.name();
                self.norms += 1;
                format!("Tanh -> centered{name}: {} -> BatchNorm<_>", self.convolution(image, &known))
            }
            6 => {
                self.norms += 1;
                format!("Tanh -> BatchNorm<{known}>")
            }
            7 | 8 if image.is_signal() => self
                .pick(&[
                    "MaxPool1d<3>(stride = 1, padding = 1)",
                    "AveragePool1d<3>(stride = 1, padding = 1)",
                    "AveragePool1d<3>(stride = 1, padding = 1, count_padding = false)",
                ])
                .to_owned(),
            7 => self
                .pick(&[
                    "MaxPool2d<3>(stride = 1, padding = 1)",
                    "AveragePool2d<3>(stride = 1, padding = 1)",
                    "AveragePool2d<3>(stride = 1, padding = 1, count_padding = false)",
                ])
                .to_owned(),
            8 => {
                format!("Upsample2d<2> -> {}", self.pick(&["MaxPool2d<2>", "AveragePool2d<2>", "Tanh -> MaxPool2d<2>"]))
            }
            9 => "Dropout2d(0.2)".to_owned(),
            10..=13 if image.is_signal() => self.convolution(image, &known),
            10 | 11 => self.groups(image, &known),
            12 => {
                image.channels = self.channels();
                let kinds = [
                    "1>",
                    "2>(stride = 2) -> AveragePool2d<2>",
                    "3>(padding = 1)",
                    "3>(stride = 2, padding = 1, output_padding = 1, bias = false) -> Tanh -> MaxPool2d<2>",
                ];
                format!("ConvTranspose2d<{known}, {}, {}", image.channels, self.pick(&kinds))
            }
            13 => format!("Upsample2d<2> -> {}", adaptive_pooling(image.sides)),
            _ => self
                .pick(&[
                    "Elu",
                    "Gelu",
                    "Silu",
                    "Softplus",
                    "Sigmoid",
                    "Tanh",
                    "Dropout(0.2)",
                    "LeakyRelu(0.2)",
                    "Identity",
                ])
                .to_owned(),
        }
    }

    /// A convolution in groups that keeps the sides of images.
    fn groups(&mut self, image: &mut Image, known: &str) -> String {
        let divisors: Vec<usize> =
            (1..=image.channels).filter(|&groups| image.channels.is_multiple_of(groups)).collect();
        let groups = divisors[self.rng.random_range(0..divisors.len())];
        image.channels = groups * self.rng.random_range(1..=if groups > 3 { 1 } else { 2 });
        let window = self.pick(&["1", "3"]);
        let bias = self.pick(&["", ", bias = false"]);
        format!("Conv2d<{known}, {}, {window}>(groups = {groups}, padding = same{bias})", image.channels)
    }

    /// A convolution that keeps the sides of images.
    fn convolution(&mut self, image: &mut Image, known: &str) -> String {
        let (output, smallest) = (self.channels(), image.sides[0].min(image.sides[1]));
        image.channels = output;
        if image.is_signal() {
            let kinds = ["1>", "3>(padding = same)", "3>(padding = 2, dilation = 2, bias = false)"];
            return format!("Conv1d<{known}, {output}, {}", self.pick(&kinds));
        }
        let kinds = [
            "1>",
            "1>(bias = false)",
            "3>(padding = same)",
            "3, 1>(padding = (1, 0))",
            "1, 3>(padding = (0, 1), bias = false)",
            "3>(padding = same, dilation = 2)",
        ];
        let possible = match smallest {
            1 => 2,
            2 => 5,
            _ => 6,
        };
        format!("Conv2d<{known}, {output}, {}", self.pick(&kinds[..possible]))
    }

    /// A layer that makes an image smaller.
    fn shrinking(&mut self, image: &mut Image, shrink: Shrink) -> String {
        let (known, output) = (self.known(image.channels), self.channels());
        image.sides = shrink.sides(image.sides);
        let layers: &[&str] = match (shrink, image.is_signal()) {
            (Shrink::Half, false) => &[
                "Conv2d<{}, 3>(stride = 2, padding = 1, ignore_rest = true)",
                "Conv2d<{}, 1>(stride = 2, ignore_rest = true)",
                "MaxPool2d<3>(stride = 2, padding = 1, ignore_rest = true)",
                "AveragePool2d<3>(stride = 2, padding = 1, count_padding = false, ignore_rest = true)",
                "adaptive",
            ],
            (Shrink::Half, true) => &[
                "Conv1d<{}, 3>(stride = 2, padding = 1, ignore_rest = true)",
                "MaxPool1d<3>(stride = 2, padding = 1, ignore_rest = true)",
                "AveragePool1d<3>(stride = 2, padding = 1, ignore_rest = true)",
            ],
            (Shrink::One, false) => &[
                "Conv2d<{}, 2>",
                "Conv2d<{}, 2>",
                "MaxPool2d<2>(stride = 1)",
                "AveragePool2d<2>(stride = 1)",
                "adaptive",
            ],
            (Shrink::One, true) => &["Conv1d<{}, 2>", "MaxPool1d<2>(stride = 1)", "AveragePool1d<2>(stride = 1)"],
        };
        let layer = self.pick(layers);
        if layer == "adaptive" {
            return adaptive_pooling(image.sides);
        }
        if layer.contains("{}") {
            image.channels = output;
        }
        layer.replace("{}", &format!("{known}, {output}"))
    }

    /// How branches over these images can make them smaller.
    fn any_shrink(&mut self, image: Image) -> Option<Shrink> {
        let smallest = if image.is_signal() { image.sides[1] } else { image.sides[0].min(image.sides[1]) };
        let choice = if smallest < 3 { None } else { Some(self.rng.random_range(0..4)) };
        match choice {
            Some(0) => Some(Shrink::Half),
            Some(1) => Some(Shrink::One),
            _ => None,
        }
    }

    /// A layer with layers inside, one of them of this depth.
    fn layer_of_layers(&mut self, image: &mut Image, depth: usize) -> String {
        let (before, channels) = (*image, self.channels());
        match self.rng.random_range(0..8) {
            0..3 => format!("Residual[{}]", self.chain(before, before.channels, None, depth)),
            3 | 4 => {
                image.channels = channels;
                format!("Sum[{}]", self.branches(before, &[channels; 2], None, depth))
            }
            5 | 6 => {
                let outputs: Vec<usize> = (0..self.rng.random_range(2..=3)).map(|_| self.channels()).collect();
                image.channels = outputs.iter().sum();
                format!("Concat[{}]", self.branches(before, &outputs, None, depth))
            }
            _ if before.sides == [4, 4] => {
                self.norms += 1;
                let unit = format!("Unit{}", self.number);
                let block = format!("block {unit}<const C: usize> = Input<C, 4, 4> -> {UNIT};");
                if !self.blocks.contains(&block) {
                    self.blocks.push(block);
                }
                format!("{unit}<{}>", before.channels)
            }
            _ => {
                let (number, name, input) = (self.number, self.name(), before.input());
                image.channels = channels;
                let chain = self.chain(before, channels, None, depth);
                self.blocks.push(format!("block Inner{number}_{name} = {input} -> {chain};"));
                format!("Inner{number}_{name}")
            }
        }
    }

    fn branches(&mut self, image: Image, outputs: &[usize], shrink: Option<Shrink>, depth: usize) -> String {
        let deepest = self.rng.random_range(0..outputs.len());
        let branches = outputs
            .iter()
            .enumerate()
            .map(|(index, &output)| self.chain(image, output, shrink, if index == deepest { depth } else { 0 }));
        branches.collect::<Vec<_>>().join(" | ")
    }

    /// Layers that make images smaller, alone or as branches, and a chain.
    fn stage(&mut self, image: &mut Image, depth: usize) -> String {
        let (before, channels) = (*image, self.channels());
        let shrink = self.any_shrink(before);
        image.channels = channels;
        image.sides = shrink.map_or(before.sides, |shrink| shrink.sides(before.sides));
        match self.rng.random_range(0..3) {
            0 => self.chain(before, channels, shrink, depth),
            1 => format!("Sum[{}]", self.branches(before, &[channels; 2], shrink, depth)),
            _ => {
                let outputs = [self.channels(), self.channels()];
                image.channels = outputs.iter().sum();
                format!("Concat[{}]", self.branches(before, &outputs, shrink, depth))
            }
        }
    }

    /// The network's declaration and the call that checks it.
    fn write(mut self, declarations: &mut String, calls: &mut String) -> std::fmt::Result {
        let (number, seed, stop_at) = (self.number, self.rng.random::<u32>(), self.rng.random_range(1..20));
        let mut image = INPUTS[self.rng.random_range(0..INPUTS.len())];
        let input = image.input();
        let stages: Vec<String> = (0..2).map(|stage| self.stage(&mut image, (number + stage) % DEEPEST)).collect();
        let features = image.channels;
        let end = match self.rng.random_range(0..4) {
            0 | 1 => "Flatten".to_owned(),
            2 if image.is_signal() => "GlobalAveragePool".to_owned(),
            2 => self.pick(&["GlobalAveragePool", "AdaptiveAveragePool2d<1> -> Flatten"]).to_owned(),
            _ => format!("Sum[GlobalAveragePool | Flatten -> Affine<_, {features}>]"),
        };
        let chain = format!("{input} -> {} -> {end} -> Affine<_, 3> -> SoftmaxWithLoss", stages.join(" -> "));
        let Self { blocks, norms, .. } = self;
        writeln!(declarations, "network! {{\n    {}\n    struct Net{number} = {chain};\n}}", blocks.join("\n    "))?;
        writeln!(calls, "    run(\"{chain}\", &|| check::<Net{number}<f64>>(&pixels, {seed}, {norms}, {stop_at}));")
    }
}

/// A program that checks the networks of these numbers.
fn networks(numbers: Range<usize>, rng: &mut StdRng) -> String {
    let (mut declarations, mut calls) = (String::new(), String::new());
    for number in numbers {
        let random = Random { rng, number, blocks: Vec::new(), names: 0, norms: 0 };
        random.write(&mut declarations, &mut calls).expect("a string can be written to");
    }
    let inputs = "let pixels = pixels();";
    program::checks("check, pixels", inputs, &declarations, &calls, ROUNDING)
}

#[test]
fn random_networks_over_images_pass_all_checks() {
    let (mut rng, library) = (StdRng::seed_from_u64(program::seed()), program::library("random_images"));
    std::thread::scope(|scope| {
        for part in 0..PROGRAMS {
            let text = networks(part * NETWORKS / PROGRAMS..(part + 1) * NETWORKS / PROGRAMS, &mut rng);
            let library = &library;
            scope.spawn(move || program::run(library, &format!("random_images_{part}"), &text));
        }
    });
}
