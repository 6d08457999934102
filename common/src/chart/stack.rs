//! Stacked series: each on top of those before it; never a guess for a missing reading.

use std::sync::Arc;

use super::points::Point;

/// The upper edge of each layer of a stack, from the bottom up. A moment at which one of the
/// layers has no reading is a gap in all: what stood above a hole would be a lie.
pub(super) fn stack(layers: &[Arc<Vec<Point>>]) -> Vec<Vec<Point>> {
    let Some(base) = layers.first() else {
        return Vec::new();
    };
    let mut places = vec![0_usize; layers.len()];
    let mut edges = vec![Vec::with_capacity(base.len()); layers.len()];
    for moment in base.iter() {
        let mut sum = Some(0.0);
        let mut sums = Vec::with_capacity(layers.len());
        for (layer, place) in layers.iter().zip(&mut places) {
            while layer.get(*place).is_some_and(|it| it.at < moment.at) {
                *place += 1;
            }
            let here = layer
                .get(*place)
                .filter(|it| it.at == moment.at)
                .and_then(|it| it.value);
            sum = sum.zip(here).map(|(sum, value)| sum + value);
            sums.push(sum);
        }
        for (edge, partial) in edges.iter_mut().zip(sums) {
            edge.push(Point {
                at: moment.at,
                value: sum.and(partial),
            });
        }
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::stack;
    use crate::chart::Point;
    use crate::time::UnixMs;
    use std::sync::Arc;

    #[test]
    fn layers_stand_on_one_another_and_share_their_gaps() {
        let layer = |values: [Option<f64>; 3]| {
            Arc::new(
                (0..)
                    .zip(values)
                    .map(|(at, value)| Point {
                        at: UnixMs(at),
                        value,
                    })
                    .collect::<Vec<_>>(),
            )
        };
        let edges = stack(&[
            layer([Some(1.0), Some(2.0), Some(3.0)]),
            layer([Some(10.0), None, Some(30.0)]),
        ]);
        let values = |edge: &[Point]| edge.iter().map(|it| it.value).collect::<Vec<_>>();
        assert_eq!(values(&edges[0]), [Some(1.0), None, Some(3.0)]);
        assert_eq!(values(&edges[1]), [Some(11.0), None, Some(33.0)]);
        assert!(stack(&[]).is_empty());
    }
}
