//! A pole on a cart, to be balanced by pushing the cart.
//!
//! Barto, Sutton and Anderson, "Neuronlike adaptive elements that can solve difficult learning control problems" (1983), with the
//! constants and the integration of Gym's `CartPole-v0`.

use typenet::rand::{Rng, RngExt};

const GRAVITY: f64 = 9.8;
const CART_MASS: f64 = 1.0;
const POLE_MASS: f64 = 0.1;
/// Half the length of the pole.
const HALF_LENGTH: f64 = 0.5;
const FORCE: f64 = 10.0;
/// The seconds of a step.
const STEP: f64 = 0.02;
/// The cart may not leave this distance from the middle.
const LARGEST_POSITION: f64 = 2.4;
/// The pole may not tilt by more than 12 degrees.
const LARGEST_ANGLE: f64 = 12.0 * std::f64::consts::PI / 180.0;

/// The direction of a push.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Push {
    Left,
    Right,
}

/// The state, in SI units and radians.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CartPole {
    position: f64,
    velocity: f64,
    angle: f64,
    angular_velocity: f64,
}

impl CartPole {
    /// Begins near the upright position at rest.
    pub fn random(rng: &mut impl Rng) -> Self {
        let [position, velocity, angle, angular_velocity] = [(); 4].map(|()| rng.random_range(-0.05..0.05));
        Self { position, velocity, angle, angular_velocity }
    }

    /// The state as features of a network.
    pub fn features(&self) -> [f32; 4] {
        #[allow(clippy::cast_possible_truncation)] // small numbers
        [self.position, self.velocity, self.angle, self.angular_velocity].map(|value| value as f32)
    }

    /// Pushes the cart for one step.
    #[must_use]
    pub fn push(self, push: Push) -> Self {
        let Self { position, velocity, angle, angular_velocity } = self;
        let force = if push == Push::Right { FORCE } else { -FORCE };
        let (sin, cos) = angle.sin_cos();
        let mass = CART_MASS + POLE_MASS;
        let thrust = (force + POLE_MASS * HALF_LENGTH * angular_velocity.powi(2) * sin) / mass;
        let angular_acceleration =
            (GRAVITY * sin - cos * thrust) / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * cos.powi(2) / mass));
        let acceleration = thrust - POLE_MASS * HALF_LENGTH * angular_acceleration * cos / mass;
        Self {
            position: position + STEP * velocity,
            velocity: velocity + STEP * acceleration,
            angle: angle + STEP * angular_velocity,
            angular_velocity: angular_velocity + STEP * angular_acceleration,
        }
    }

    /// Returns `true` if the pole has tilted too far, or the cart has left its track.
    pub fn has_fallen(&self) -> bool {
        self.position.abs() > LARGEST_POSITION || self.angle.abs() > LARGEST_ANGLE
    }
}

#[test]
fn an_upright_pole_falls_against_the_push() {
    let upright = CartPole { position: 0.0, velocity: 0.0, angle: 0.0, angular_velocity: 0.0 };
    let pushed = upright.push(Push::Right);
    // Gym's numbers for this state.
    assert!((pushed.velocity - 0.195_121_951_219_512_2).abs() < 1e-12, "{pushed:?}");
    assert!((pushed.angular_velocity + 0.292_682_926_829_268_3).abs() < 1e-12, "{pushed:?}");
    assert_eq!((pushed.position, pushed.angle), (0.0, 0.0));
    let steps = std::iter::successors(Some(upright), |state| Some(state.push(Push::Right)));
    assert_eq!(steps.take_while(|state| !state.has_fallen()).count(), 9);
}
