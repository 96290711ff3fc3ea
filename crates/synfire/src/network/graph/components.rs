//! The cycles of a directed graph.

/// Groups of nodes that can be reached from each other, each after all that it depends on (Tarjan 1972).
pub(super) fn components(count: usize, depends: &dyn Fn(usize) -> Vec<usize>) -> Vec<Vec<usize>> {
    struct Search<'a> {
        depends: &'a dyn Fn(usize) -> Vec<usize>,
        /// When a node was first met, from 1.
        met: Vec<usize>,
        /// The earliest node on the path that it leads back to.
        low: Vec<usize>,
        path: Vec<usize>,
        on_path: Vec<bool>,
        found: Vec<Vec<usize>>,
        clock: usize,
    }
    impl Search<'_> {
        fn visit(&mut self, node: usize) {
            self.clock += 1;
            (self.met[node], self.low[node]) = (self.clock, self.clock);
            self.path.push(node);
            self.on_path[node] = true;
            for next in (self.depends)(node) {
                if self.met[next] == 0 {
                    self.visit(next);
                    self.low[node] = self.low[node].min(self.low[next]);
                } else if self.on_path[next] {
                    self.low[node] = self.low[node].min(self.met[next]);
                }
            }
            if self.low[node] == self.met[node] {
                let at = self.path.iter().rposition(|&on_path| on_path == node).unwrap_or_default();
                let mut members = self.path.split_off(at);
                members.iter().for_each(|&member| self.on_path[member] = false);
                members.sort_unstable();
                self.found.push(members);
            }
        }
    }
    let mut search = Search {
        depends,
        met: vec![0; count],
        low: vec![0; count],
        path: vec![],
        on_path: vec![false; count],
        found: vec![],
        clock: 0,
    };
    for node in 0..count {
        if search.met[node] == 0 {
            search.visit(node);
        }
    }
    search.found
}
