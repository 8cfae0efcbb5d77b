//! Layers and a loss of the user's own: with parameters, with hyperparameters, with another width, with memory.
use typenet::nalgebra::one;
use typenet::prelude::*;

/// `y = x · factor`, a factor for each feature.
#[derive(Clone)]
struct Scale<const F: usize, T: Scalar> {
    factors: SMatrix<T, 1, F>,
}

impl<const F: usize, T: Scalar> Default for Scale<F, T> {
    fn default() -> Self {
        Self { factors: SMatrix::repeat(one()) }
    }
}

impl<const F: usize, T: Scalar> Parameters<T> for Scale<F, T> {
    fn part(&self, index: usize) -> Option<Part<'_, T>> {
        (index == 0).then(|| Part::scale("factors", &self.factors))
    }

    fn part_mut(&mut self, index: usize) -> Option<PartMut<'_, T>> {
        (index == 0).then(|| PartMut::parameter(&mut self.factors))
    }
}

impl<const F: usize, T: Scalar> Infer<T, Const<F>> for Scale<F, T> {
    type Out = Const<F>;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x).zip(&self.factors).for_each(|((y, &x), &factor)| *y = x * factor);
    }
}

impl<const F: usize, T: Scalar> Layer<T, Const<F>> for Scale<F, T> {
    type Cache<N: Dim> = ();

    fn forward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        x: &Matrix<T, N, Const<F>, S>,
        y: &mut Batch<T, N, Const<F>>,
        (): &mut (),
        _: Mode,
    ) {
        for j in 0..F {
            y.column_mut(j).zip_apply(&x.column(j), |y, x| *y = x * self.factors[j]);
        }
    }

    fn backward<N: Dim, S: RawStorage<T, N, Const<F>>>(
        &self,
        _: &Matrix<T, N, Const<F>, S>,
        _: &Batch<T, N, Const<F>>,
        dy: &Batch<T, N, Const<F>>,
        dx: Option<&mut Batch<T, N, Const<F>>>,
        cache: &mut (),
    ) {
        if let Some(dx) = dx {
            self.forward(dy, dx, cache, Mode::Infer);
        }
    }

    fn add_gradient<N: Dim, S: RawStorage<T, N, Const<F>>>(
        x: &Matrix<T, N, Const<F>, S>,
        dy: &Batch<T, N, Const<F>>,
        (): &(),
        scale: T,
        target: &mut Self,
    ) {
        for j in 0..F {
            for i in 0..x.nrows() {
                target.factors[j] += scale * x[(i, j)] * dy[(i, j)];
            }
        }
    }
}

/// `y = slope · x` where `x` is negative; remembers the slopes.
#[derive(Clone)]
struct Leaky {
    slope: f64,
}

impl Leaky {
    fn new(slope: f64) -> Self {
        Self { slope }
    }
}

impl<T: Scalar> Parameters<T> for Leaky {}

impl<T: Scalar, F: Shape> Infer<T, F> for Leaky {
    type Out = F;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x).for_each(|(y, &x)| *y = if x < T::of(0.0) { T::of(self.slope) * x } else { x });
    }
}

impl<T: Scalar, F: Shape> Layer<T, F> for Leaky {
    type Cache<N: Dim> = Batch<T, N, F>;

    fn forward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        x: &Matrix<T, N, F, S>,
        y: &mut Batch<T, N, F>,
        slopes: &mut Batch<T, N, F>,
        _: Mode,
    ) {
        slopes.zip_apply(x, |slope, x| *slope = if x < T::of(0.0) { T::of(self.slope) } else { T::of(1.0) });
        y.zip_zip_apply(x, slopes, |y, x, slope| *y = x * slope);
    }

    fn backward<N: Dim, S: RawStorage<T, N, F>>(
        &self,
        _: &Matrix<T, N, F, S>,
        _: &Batch<T, N, F>,
        dy: &Batch<T, N, F>,
        dx: Option<&mut Batch<T, N, F>>,
        slopes: &mut Batch<T, N, F>,
    ) {
        if let Some(dx) = dx {
            dx.zip_zip_apply(dy, slopes, |dx, dy, slope| *dx = dy * slope);
        }
    }
}

/// Adds up neighbors: six features become three.
#[derive(Clone, Default)]
struct Pairs;

impl<T: Scalar> Parameters<T> for Pairs {}

impl<T: Scalar> Infer<T, Const<6>> for Pairs {
    type Out = Const<3>;

    fn infer_into(&self, x: &[T], y: &mut [T], _: &mut [T]) {
        y.iter_mut().zip(x.chunks(2)).for_each(|(y, pair)| *y = pair[0] + pair[1]);
    }
}

impl<T: Scalar> Layer<T, Const<6>> for Pairs {
    type Cache<N: Dim> = ();

    fn backward<N: Dim, S: RawStorage<T, N, Const<6>>>(
        &self,
        _: &Matrix<T, N, Const<6>, S>,
        _: &Batch<T, N, Const<3>>,
        dy: &Batch<T, N, Const<3>>,
        dx: Option<&mut Batch<T, N, Const<6>>>,
        (): &mut (),
    ) {
        let Some(dx) = dx else { return };
        for j in 0..6 {
            dx.column_mut(j).copy_from(&dy.column(j / 2));
        }
    }
}

/// The mean of the outputs themselves.
#[derive(Clone, Default)]
struct Mean;

impl<F: Shape> Loss<F> for Mean {
    type Target<T: Scalar, N: Dim> = ();

    fn forward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, (): &()) -> T {
        y.iter().fold(T::of(0.0), |sum, &y| sum + y) / T::of(y.nrows() as f64)
    }

    fn backward<T: Scalar, N: Dim>(&self, y: &Batch<T, N, F>, target: &(), dy: &mut Batch<T, N, F>) -> T {
        dy.fill(T::of(1.0) / T::of(y.nrows() as f64));
        self.forward(y, target)
    }

    fn convert<T: Scalar, U: Scalar, N: Dim>((): &()) {}
}

network! {
    struct Classifier = Input<6> -> Scale<6, T> -> Pairs -> scale: Scale<3, T> -> Affine<3, 4> -> Leaky(0.1)
        -> Leaky(0.2) -> Affine<4, 2> -> SoftmaxWithLoss;
    struct Regression = Affine<4, 6> -> Leaky(0.3) -> Pairs -> Mean;
}

fn main() -> Result<(), Error> {
    let mut rng = StdRng::seed_from_u64(1);
    let classifier: Classifier = Classifier::random(Xavier, &mut rng);
    let x = SMatrix::<f32, 5, 6>::from_fn(|i, j| (i as f32 * 1.7 + j as f32).sin());
    let report = classifier.gradient_check(&x, &[0, 1, 1, 0, 1].try_into()?)?;
    let names: Vec<&str> = report.blocks.iter().map(|block| block.block.as_str()).collect();
    let wanted =
        ["scale1.factors", "scale.factors", "affine1.weight", "affine1.bias", "affine2.weight", "affine2.bias"];
    assert_eq!(names, wanted);
    assert_eq!(classifier.leaky2.slope, 0.2);

    let regression: Regression = Regression::random(Xavier, &mut rng);
    let x = SMatrix::<f32, 3, 4>::from_fn(|i, j| (i as f32 * 1.7 + j as f32).sin());
    regression.gradient_check(&x, &())?;
    Ok(())
}
