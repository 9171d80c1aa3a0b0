//! Tides at the quay, from harmonic constituents.

/// One constituent: amplitude in metres, speed in degrees an hour, phase in degrees.
pub struct Constituent {
    pub amplitude: f64,
    pub speed: f64,
    pub phase: f64,
}

/// The height above chart datum, hours after midnight.
pub fn height(mean_level: f64, constituents: &[Constituent], hours: f64) -> f64 {
    let swing = |c: &Constituent| c.amplitude * (c.speed * hours - c.phase).to_radians().cos();
    mean_level + constituents.iter().map(swing).sum::<f64>()
}
