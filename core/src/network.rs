//! What a network can do.

mod graph;

use nalgebra::allocator::Allocator;
use nalgebra::base::storage::RawStorage;
use nalgebra::{DefaultAllocator, Dim, DimName, Dyn, Matrix, OVector, one, zero};
use rand::Rng;

#[cfg(feature = "checkpoint")]
use crate::checkpoint;
use crate::data::Dataset;
use crate::gradient::Differences;
use crate::graph::Graph;
use crate::parameters::{Path, Twins, convert, count, nth_mut, parameters, walk};
use crate::threads::{join, parts};
use crate::{
    Batch, Error, Forward, GradientCheck, GradientReport, Initializer, Labels, LayerInfo, Loss, Parameter, Parameters,
    Scalar, Summary, Tape, empty_samples,
};

/// What a network's output is compared with, for a batch of `N` samples: its loss's target.
pub type TargetOf<Net, N> =
    <<Net as Network>::Loss as Loss<<Net as Network>::Output>>::Target<<Net as Network>::Scalar, N>;

/// How many numbers the samples have that [`Network::classify_all`] takes at a time: they stay in the second-level cache.
const CHUNK: usize = 64 * 1024;

/// A chain of layers that ends in a loss. `network!` implements it.
///
/// `x` is a batch of `N` samples: any nalgebra matrix of `N` rows and [`Input`](Network::Input) columns. `N`
/// is given as `Const::<100>` or `Dyn(100)`; all that belongs to one batch has the same `N`, and the compiler
/// says where it does not. A target is what the loss says: [`Labels`] for `SoftmaxWithLoss`, a [`Batch`] of numbers for
/// `MeanSquaredError`, which [`batch_from`](crate::batch_from) makes of any matrix.
///
/// The methods come in pairs: `predict` allocates what it needs, `predict_on` works on a
/// [tape](Network::tape) that is used again, and allocates nothing.
///
/// `save` and `load`, which keep it in a file, take the feature `checkpoint`.
///
/// # Panics
///
/// Where `N` is `Dyn`, a target for another number of samples than `x` has is a panic that says so.
pub trait Network: Parameters<Self::Scalar> + Default + Sync {
    /// The numbers it calculates with.
    type Scalar: Scalar;
    /// How many features it takes.
    type Input: DimName;
    /// How many features its last layer gives to the loss.
    type Output: DimName;
    /// How its output is judged.
    type Loss: Loss<Self::Output>;
    /// What it writes down on the way forward and reads on the way back.
    type Tape<N: Dim>: Tape<Self, N>;
    /// The same network in double precision.
    type Precise: Network<Scalar = f64, Input = Self::Input, Output = Self::Output, Loss = Self::Loss>;

    /// What it is called.
    const NAME: &'static str;
    /// The type of its loss, as the declaration has it.
    const LOSS: &'static str;

    /// The layers from first to last, with their names, shapes and parameters.
    fn layers(&self) -> impl Iterator<Item = LayerInfo<'_, Self::Scalar>>;

    /// The loss at the end.
    fn loss_layer(&self) -> &Self::Loss;

    /// The last layer's output for a single sample: what [`predict`](Self::predict) gives for a batch of one, on the
    /// stack alone. It allocates nothing and needs no tape, for control loops and the like.
    ///
    /// ```text
    /// x   In numbers   ->   y   Out numbers
    /// ```
    fn infer(&self, x: &OVector<Self::Scalar, Self::Input>) -> OVector<Self::Scalar, Self::Output>
    where
        DefaultAllocator: Allocator<Self::Input> + Allocator<Self::Output>;

    /// A network with every parameter zero, such as a gradient before anything is added to it.
    fn zeros() -> Self {
        let mut network = Self::default();
        network.set_to_zero();
        network
    }

    /// Makes every parameter zero.
    fn set_to_zero(&mut self) {
        walk(self, [], [], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { values, .. } = twins {
                values.fill(zero());
            }
        });
    }

    /// Copies all parameters and settings of another network of the same type; allocates nothing.
    fn copy_from(&mut self, other: &Self) {
        walk(self, [], [other], Path::root(""), &mut |_, twins| match twins {
            Twins::Parameter { values, from: [from], .. } => values.copy_from_slice(from),
            Twins::Setting { value, from: [from] } => *value = *from,
        });
    }

    /// A network with weights drawn at random; biases are zero. The same generator state gives the same network.
    ///
    /// The scalar has to be known from somewhere: `let net: Net = Net::random(...)` is in `f32`, `Net::<f64>::random(...)`
    /// in `f64`.
    fn random<I: Initializer, R: Rng>(initializer: I, rng: &mut R) -> Self {
        let mut network = Self::default();
        network.initialize(&initializer, rng);
        network
    }

    /// Its parameters, from the first layer to the last.
    fn parameters(&self) -> impl Iterator<Item = Parameter<'_, Self::Scalar>> {
        parameters(self, Path::root("")).into_iter()
    }

    /// The values of the parameter at that index in [`parameters`](Self::parameters), `None` past the last.
    fn parameter_mut(&mut self, index: usize) -> Option<&mut [Self::Scalar]> {
        nth_mut(self, index)
    }

    /// The number of values that it learns.
    fn parameter_count(&self) -> usize {
        count(self).1
    }

    /// A table of its layers with their shapes and parameters, what memory these take, and what a sample costs.
    ///
    /// ```text
    /// println!("{}", net.summary());
    /// ```
    fn summary(&self) -> Summary {
        Summary::new(self)
    }

    /// Its layers as a graph, to be drawn: with how much each learns, and the shapes of what flows between them, `N` samples at
    /// a time.
    ///
    /// ```text
    /// std::fs::write("net.svg", net.graph().to_svg())?;
    /// ```
    fn graph(&self) -> Graph {
        graph::graph(self)
    }

    /// The same network in double precision, with the same parameters and settings.
    fn precise(&self) -> Self::Precise {
        let mut precise = Self::Precise::default();
        convert(self, &mut precise);
        precise
    }

    /// Stores its parameters and settings in a file, in the format of [`checkpoint`](crate::checkpoint). The file is there
    /// whole or not at all, and takes the place of an older one. It takes the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if the file cannot be written, [`Error::Data`] if a parameter is not finite.
    #[cfg(feature = "checkpoint")]
    fn save(&self, path: impl AsRef<std::path::Path>) -> Result<(), Error> {
        checkpoint::save(self, path.as_ref())
    }

    /// A network with the parameters and settings of a file, also of one that a [training](crate::training::Trainer::checkpoint) wrote:
    /// of that the network that it had when it was written, and with [early stopping](crate::training::Trainer::early_stopping)
    /// the best that it had had by then, as the trainer gives at its end. It takes the feature `checkpoint`.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read, [`Error::Data`] if it is damaged or holds another network.
    #[cfg(feature = "checkpoint")]
    fn load(path: impl AsRef<std::path::Path>) -> Result<Self, Error> {
        checkpoint::load(path.as_ref())
    }

    #[cfg(not(feature = "checkpoint"))]
    #[doc(hidden)]
    fn save(&self, _: impl AsRef<std::path::Path>) -> Result<(), Error>
    where
        Self: crate::missing::Checkpoint,
    {
        Ok(())
    }

    #[cfg(not(feature = "checkpoint"))]
    #[doc(hidden)]
    fn load(_: impl AsRef<std::path::Path>) -> Result<Self, Error>
    where
        Self: crate::missing::Checkpoint,
    {
        Ok(Self::default())
    }

    /// A tape for batches of that many samples: `TwoLayerNet::tape(Const::<100>)` or `(Dyn(100))`.
    fn tape<N: Dim>(samples: N) -> Self::Tape<N> {
        Self::Tape::new(samples)
    }

    /// Goes forward on a tape; what it returns has the output, the loss and the way back.
    fn forward<'n, 'a, N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &'n self,
        x: &'a Matrix<Self::Scalar, N, Self::Input, S>,
        tape: &'a mut Self::Tape<N>,
    ) -> Forward<'n, 'a, Self, N, S> {
        Forward::new(self, x, tape)
    }

    /// The last layer's output, before the loss: for a classifier one score for each class.
    #[must_use]
    fn predict<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
    ) -> Batch<Self::Scalar, N, Self::Output> {
        self.predict_on(x, &mut Self::tape(x.shape_generic().0)).clone()
    }

    /// [`predict`](Self::predict) on a tape.
    fn predict_on<'a, N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &'a Matrix<Self::Scalar, N, Self::Input, S>,
        tape: &'a mut Self::Tape<N>,
    ) -> &'a Batch<Self::Scalar, N, Self::Output> {
        self.forward(x, tape).output()
    }

    /// The class with the highest score for each sample. A sample with a NaN among its scores is
    /// [undecided](Labels::undecided).
    fn classify<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
    ) -> Labels<N, Self::Output> {
        Labels::argmax(&self.predict(x))
    }

    /// [`classify`](Self::classify) on a tape, into labels that are there.
    fn classify_on<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        tape: &mut Self::Tape<N>,
        labels: &mut Labels<N, Self::Output>,
    ) {
        labels.copy_argmax(self.predict_on(x, tape));
    }

    /// The mean loss of the batch.
    fn loss<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Self::Scalar {
        self.loss_on(x, target, &mut Self::tape(x.shape_generic().0))
    }

    /// [`loss`](Self::loss) on a tape.
    fn loss_on<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        tape: &mut Self::Tape<N>,
    ) -> Self::Scalar {
        self.forward(x, tape).loss(target)
    }

    /// The fraction of samples classified as labelled, from 0 to 1; none with a NaN among its scores.
    fn accuracy<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        labels: &Labels<N, Self::Output>,
    ) -> f64 {
        self.accuracy_on(x, labels, &mut Self::tape(x.shape_generic().0))
    }

    /// [`accuracy`](Self::accuracy) on a tape.
    fn accuracy_on<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        labels: &Labels<N, Self::Output>,
        tape: &mut Self::Tape<N>,
    ) -> f64 {
        labels.accuracy(self.predict_on(x, tape))
    }

    /// The fraction of a whole data set that is classified as labelled, from 0 to 1; it is taken in chunks.
    #[must_use]
    fn evaluate(&self, data: &Dataset<Self::Input, Self::Output>) -> f64 {
        let answers = self.classify_all(data);
        let is_right = |row: &usize| answers.classes()[*row] == data.labels().classes()[*row];
        let undecided = answers.undecided().iter().filter(|row| is_right(row)).count();
        let right = (0..data.len()).filter(is_right).count() - undecided;
        right as f64 / data.len().max(1) as f64
    }

    /// The class with the highest score for each sample of a whole data set, as [`classify`](Self::classify) gives it; it
    /// is taken in chunks.
    #[must_use]
    fn classify_all(&self, data: &Dataset<Self::Input, Self::Output>) -> Labels<Dyn, Self::Output> {
        let mut classes = vec![0; data.len()];
        let parts = parts(self.parameter_count().saturating_mul(data.len()));
        let chunk = (CHUNK / Self::Input::DIM.max(1)).clamp(16, 1024).next_multiple_of(16).min(data.len()).max(1);
        let undecided = classify_range(self, data, 0, &mut classes, chunk, parts);
        Labels::new(Dyn(classes.len()), &classes).expect("one class for each sample").with_undecided(undecided)
    }

    /// The derivative of the mean loss by every parameter, by backpropagation.
    #[must_use]
    fn gradient<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Self {
        let mut gradient = Self::zeros();
        self.forward(x, &mut Self::tape(x.shape_generic().0)).backward(target).add_gradient(one(), &mut gradient);
        gradient
    }

    /// [`gradient`](Self::gradient) on a tape, into a network that is there; returns the mean loss.
    fn gradient_on<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        tape: &mut Self::Tape<N>,
        gradient: &mut Self,
    ) -> Self::Scalar {
        gradient.set_to_zero();
        let backward = self.forward(x, tape).backward(target);
        backward.add_gradient(one(), gradient);
        backward.loss()
    }

    /// The same derivative by central differences in double precision: slow, and right by definition.
    ///
    /// It takes two runs forward for every single parameter.
    #[must_use]
    fn numerical_gradient<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Self {
        Differences::new(self, x, target).gradient()
    }

    /// Compares [`gradient`](Self::gradient) with [`numerical_gradient`](Self::numerical_gradient), every
    /// parameter, in double precision. [`GradientCheck`] has the settings, such as a sample instead of all.
    ///
    /// # Errors
    ///
    /// [`Error::Gradient`] names the block and the element that disagree most, with both values.
    fn gradient_check<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
    ) -> Result<GradientReport, Error> {
        GradientCheck::default().run(self, x, target)
    }

    /// One step of gradient descent, `W -= learning_rate · dW`; returns the loss before the step.
    fn descend<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &mut self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        learning_rate: Self::Scalar,
    ) -> Self::Scalar {
        self.descend_on(x, target, learning_rate, &mut Self::tape(x.shape_generic().0))
    }

    /// [`descend`](Self::descend) on a tape. The gradient goes straight into the weights and is never stored.
    fn descend_on<N: Dim, S: RawStorage<Self::Scalar, N, Self::Input>>(
        &mut self,
        x: &Matrix<Self::Scalar, N, Self::Input, S>,
        target: &TargetOf<Self, N>,
        learning_rate: Self::Scalar,
        tape: &mut Self::Tape<N>,
    ) -> Self::Scalar {
        let backward = self.forward(x, tape).backward(target);
        backward.add_gradient(-learning_rate, self);
        backward.loss()
    }

    /// `W -= learning_rate · dW` for a gradient that is there.
    fn update(&mut self, gradient: &Self, learning_rate: Self::Scalar) {
        walk(self, [], [gradient], Path::root(""), &mut |_, twins| {
            if let Twins::Parameter { values, from: [gradient], .. } = twins {
                values.iter_mut().zip(gradient).for_each(|(value, &slope)| *value -= learning_rate * slope);
            }
        });
    }
}

/// The classes of the samples from `start` on, as many as there is room for, a chunk at a time, by that many threads.
/// Returns the samples that are undecided.
fn classify_range<Net: Network>(
    network: &Net,
    data: &Dataset<Net::Input, Net::Output>,
    start: usize,
    classes: &mut [usize],
    chunk: usize,
    parts: usize,
) -> Vec<usize> {
    // Cut between chunks, so that these are the same however many parts there are.
    let middle = (classes.len() * (parts / 2) / parts.max(1)).next_multiple_of(chunk);
    if parts > 1 && middle < classes.len() {
        let (low, high) = classes.split_at_mut(middle);
        let (mut undecided, later) = join(
            || classify_range(network, data, start, low, chunk, parts / 2),
            || classify_range(network, data, start + middle, high, chunk, parts - parts / 2),
        );
        undecided.extend(later);
        return undecided;
    }
    let (mut x, mut labels) = (empty_samples(Dyn(chunk), Net::Input::name()), Labels::zeros(Dyn(chunk)));
    let (mut tape, mut undecided) = (Net::tape(Dyn(chunk)), Vec::new());
    for (number, classes) in classes.chunks_mut(chunk).enumerate() {
        let start = start + number * chunk;
        if classes.len() < chunk {
            let count = Dyn(classes.len());
            (x, labels) = (empty_samples(count, Net::Input::name()), Labels::zeros(count));
        }
        data.range_into(start, &mut x, &mut labels);
        network.classify_on(&x, &mut tape, &mut labels);
        classes.copy_from_slice(labels.classes());
        undecided.extend(labels.undecided().iter().map(|row| start + row));
    }
    undecided
}
