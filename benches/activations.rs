//! Compares activations from `#[activation]` with handwritten ones, on a batch of 128 x 512 values in `f32`.
//!
//! Compare the sum of both passes: for an expensive derivative, the forward pass computes it and the backward pass reuses it. No
//! activation should be slower than the handwritten one.
//!
//! ```text
//! cargo bench --bench activations
//! ```

use std::io::{self, Write, stdout};
use std::time::{Duration, Instant};

use both_ways::{
    DerivedElu, DerivedGelu, DerivedLeakyRelu, DerivedRelu, DerivedSilu, DerivedSoftplus, SigmoidByHand, TanhByHand,
};
use typenet::prelude::*;

#[path = "../tests/support/both_ways.rs"]
mod both_ways;

type N = Const<128>;
type F = Const<512>;

/// A layer with its buffers.
struct Timed<L: Layer<f32, F, Out = F>> {
    layer: L,
    x: Batch<f32, N, F>,
    y: Batch<f32, N, F>,
    dy: Batch<f32, N, F>,
    dx: Batch<f32, N, F>,
    cache: L::Cache<N>,
}

impl<L: Layer<f32, F, Out = F>> Timed<L> {
    fn new(layer: L) -> Self {
        let mut x: Batch<f32, N, F> = Batch::zeros(Const, Const);
        x.iter_mut().enumerate().for_each(|(i, x)| *x = (i as f32 * 0.7).sin() * 4.0);
        let mut dy: Batch<f32, N, F> = Batch::zeros(Const, Const);
        dy.fill(0.5);
        Self {
            layer,
            x,
            y: Batch::zeros(Const, Const),
            dy,
            dx: Batch::zeros(Const, Const),
            cache: typenet::Cache::new(Const),
        }
    }

    fn forward(&mut self) {
        self.layer.forward(&self.x, &mut self.y, &mut self.cache, Mode::Infer);
    }

    fn backward(&mut self) {
        self.layer.backward(&self.x, &self.y, &self.dy, Some(&mut self.dx), &mut self.cache);
    }
}

const ROUNDS: usize = 301;
const CALLS: u32 = 20;

fn time(mut call: impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..CALLS {
        call();
    }
    start.elapsed() / CALLS
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Times both layers in turn, so that other load affects both, and prints a line of the table.
fn compare(name: &str, derived: impl Layer<f32, F, Out = F>, by_hand: impl Layer<f32, F, Out = F>) -> io::Result<()> {
    let (mut derived, mut by_hand) = (Timed::new(derived), Timed::new(by_hand));
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(time(|| derived.forward()));
        times[1].push(time(|| by_hand.forward()));
        times[2].push(time(|| derived.backward()));
        times[3].push(time(|| by_hand.backward()));
    }
    let [forward, forward_by_hand, backward, backward_by_hand] = times.map(|times| median(times).as_secs_f64() * 1e6);
    let ratio = (forward + backward) / (forward_by_hand + backward_by_hand);
    writeln!(
        stdout(),
        "{name:<10}  {forward:>7.1}  {forward_by_hand:>7.1}    {backward:>7.1}  {backward_by_hand:>7.1}    {ratio:>5.2}"
    )
}

fn main() -> io::Result<()> {
    writeln!(stdout(), "            forward, µs         backward, µs        both")?;
    writeln!(stdout(), "            derived  by hand    derived  by hand    ratio")?;
    compare("Relu", DerivedRelu, Relu)?;
    compare("LeakyRelu", DerivedLeakyRelu::new(0.2), LeakyRelu::new(0.2))?;
    compare("Elu", DerivedElu::new(0.5), Elu::new(0.5))?;
    compare("Sigmoid", Sigmoid, SigmoidByHand)?;
    compare("Tanh", Tanh, TanhByHand)?;
    compare("Gelu", DerivedGelu, Gelu)?;
    compare("Silu", DerivedSilu, Silu)?;
    compare("Softplus", DerivedSoftplus, Softplus)
}
