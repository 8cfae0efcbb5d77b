//! Times a convolutional network for digits, chained by hand, layer by layer.
//!
//! ```text
//! cargo run --release -p typenet-core --example convolution [STEPS [THREADS]]
//! ```
//!
//! The network is 1 x 28 x 28, two convolutions of 5 x 5 with 16 and 32 filters, each with Relu and max-pooling, then
//! 512-128-10. It prints the time and the GFLOP/s of each pass of each layer in training on batches of 64 images, and
//! the time of one image in inference.

use std::hint::black_box;
use std::time::Instant;

use typenet_core::layers::{Affine, Conv2d, Flatten, MaxPool2d, Relu};
use typenet_core::nalgebra::Const;
use typenet_core::rand::{SeedableRng, rngs::StdRng};
use typenet_core::{Batch, He, Image, Infer, Layer, LayerTape, Mode, Samples, Shape, reshaped, with_threads};

const N: usize = 64;
type Pixels<const C: usize, const S: usize> = Image<Const<C>, Const<S>, Const<S>>;

/// A layer with its tape and the seconds of forward, backward by the input, and the gradient.
struct Timed<In: Shape, L: Layer<f32, In>> {
    name: &'static str,
    layer: L,
    tape: LayerTape<f32, Const<N>, In, L>,
    seconds: [f64; 3],
}

impl<In: Shape, L: Layer<f32, In> + Default> Timed<In, L> {
    fn new(name: &'static str, rng: &mut StdRng) -> Self {
        let mut layer = L::default();
        layer.initialize(&He, rng);
        Self { name, layer, tape: LayerTape::new(Const), seconds: [0.0; 3] }
    }

    fn forward<S: typenet_core::nalgebra::RawStorage<f32, Const<N>, In>>(
        &mut self,
        x: &typenet_core::nalgebra::Matrix<f32, Const<N>, In, S>,
    ) {
        let start = Instant::now();
        self.tape.forward(&self.layer, x, Mode::train(1));
        self.seconds[0] += start.elapsed().as_secs_f64();
    }

    fn backward<S: typenet_core::nalgebra::RawStorage<f32, Const<N>, In>>(
        &mut self,
        x: &typenet_core::nalgebra::Matrix<f32, Const<N>, In, S>,
        dx: Option<&mut Batch<f32, Const<N>, In>>,
    ) {
        let start = Instant::now();
        self.tape.backward(&self.layer, x, dx);
        self.seconds[1] += start.elapsed().as_secs_f64();
        let start = Instant::now();
        self.tape.add_gradient(x, -1e-4, &mut self.layer);
        self.seconds[2] += start.elapsed().as_secs_f64();
    }

    fn print(&self, steps: usize) {
        let flops = 2.0 * (L::MULTIPLY_ADDS * N * steps) as f64;
        let cells = self.seconds.map(|seconds| {
            let micros = seconds / steps as f64 * 1e6;
            format!("{micros:>10.1} us {:>6.1} GFLOP/s", flops / seconds / 1e9)
        });
        println!("{:<8}{}", self.name, cells.concat());
    }
}

fn main() {
    let number = |place, default| std::env::args().nth(place).and_then(|text| text.parse().ok()).unwrap_or(default);
    with_threads(number(2, 1), || run(number(1, 200))).expect("the threads start");
}

fn run(steps: usize) {
    let rng = &mut StdRng::seed_from_u64(1);
    let mut conv1 = Timed::<Pixels<1, 28>, Conv2d<1, 16, 5>>::new("conv1", rng);
    let mut relu1 = Timed::<Pixels<16, 24>, Relu>::new("relu1", rng);
    let mut pool1 = Timed::<Pixels<16, 24>, MaxPool2d<2>>::new("pool1", rng);
    let mut conv2 = Timed::<Pixels<16, 12>, Conv2d<16, 32, 5>>::new("conv2", rng);
    let mut relu2 = Timed::<Pixels<32, 8>, Relu>::new("relu2", rng);
    let mut pool2 = Timed::<Pixels<32, 8>, MaxPool2d<2>>::new("pool2", rng);
    let mut flatten = Timed::<Pixels<32, 4>, Flatten<512>>::new("flatten", rng);
    let mut affine1 = Timed::<Const<512>, Affine<512, 128>>::new("affine1", rng);
    let mut relu3 = Timed::<Const<128>, Relu>::new("relu3", rng);
    let mut affine2 = Timed::<Const<128>, Affine<128, 10>>::new("affine2", rng);
    let mut value = 0.0_f32;
    let samples: Samples<f32, Const<N>, Const<784>> = Samples::from_fn(Const, Const, |_, _| {
        value += 0.37;
        value.sin().max(0.0)
    });

    let start = Instant::now();
    for _ in 0..steps {
        let x = reshaped::<Pixels<1, 28>, _, _, _, _>(&samples);
        conv1.forward(&x);
        relu1.forward(&conv1.tape.y);
        pool1.forward(&relu1.tape.y);
        conv2.forward(&pool1.tape.y);
        relu2.forward(&conv2.tape.y);
        pool2.forward(&relu2.tape.y);
        flatten.forward(&pool2.tape.y);
        affine1.forward(&flatten.tape.y);
        relu3.forward(&affine1.tape.y);
        affine2.forward(&relu3.tape.y);
        affine2.tape.dy.copy_from(&affine2.tape.y); // of the loss |y|² / 2
        affine2.backward(&relu3.tape.y, Some(&mut relu3.tape.dy));
        relu3.backward(&affine1.tape.y, Some(&mut affine1.tape.dy));
        affine1.backward(&flatten.tape.y, Some(&mut flatten.tape.dy));
        flatten.backward(&pool2.tape.y, Some(&mut pool2.tape.dy));
        pool2.backward(&relu2.tape.y, Some(&mut relu2.tape.dy));
        relu2.backward(&conv2.tape.y, Some(&mut conv2.tape.dy));
        conv2.backward(&pool1.tape.y, Some(&mut pool1.tape.dy));
        pool1.backward(&relu1.tape.y, Some(&mut relu1.tape.dy));
        relu1.backward(&conv1.tape.y, Some(&mut conv1.tape.dy));
        conv1.backward(&x, None);
    }
    let took = start.elapsed().as_secs_f64() / steps as f64;
    println!("{:<8}{:>28}{:>28}{:>28}", "layer", "forward", "backward", "gradient");
    conv1.print(steps);
    relu1.print(steps);
    pool1.print(steps);
    conv2.print(steps);
    relu2.print(steps);
    pool2.print(steps);
    flatten.print(steps);
    affine1.print(steps);
    relu3.print(steps);
    affine2.print(steps);
    println!("training: {:.3} ms a step, {:.1} GFLOP/s", took * 1e3, 0.3992 / took);

    let image: Vec<f32> = samples.row(0).iter().copied().collect();
    let (mut a, mut b, mut scratch) = (vec![0.0; 9216], vec![0.0; 9216], vec![0.0; 16_384]);
    let mut single = [0.0; 10];
    let calls = steps * 50;
    let start = Instant::now();
    for _ in 0..calls {
        Infer::<f32, Pixels<1, 28>>::infer_into(&conv1.layer, black_box(&image), &mut a, &mut scratch);
        Infer::<f32, Pixels<16, 24>>::infer_into(&relu1.layer, &a, &mut b, &mut []);
        Infer::<f32, Pixels<16, 24>>::infer_into(&pool1.layer, &b, &mut a[..2304], &mut scratch);
        Infer::<f32, Pixels<16, 12>>::infer_into(&conv2.layer, &a[..2304], &mut b[..2048], &mut scratch);
        Infer::<f32, Pixels<32, 8>>::infer_into(&relu2.layer, &b[..2048], &mut a[..2048], &mut []);
        Infer::<f32, Pixels<32, 8>>::infer_into(&pool2.layer, &a[..2048], &mut b[..512], &mut scratch);
        affine1.layer.infer_into(&b[..512], &mut a[..128], &mut []);
        Infer::<f32, Const<128>>::infer_into(&relu3.layer, &a[..128], &mut b[..128], &mut []);
        affine2.layer.infer_into(&b[..128], &mut single, &mut []);
        black_box(&single);
    }
    println!("one image: {:.2} us", start.elapsed().as_secs_f64() / calls as f64 * 1e6);
}
