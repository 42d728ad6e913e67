package io.kontor.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The rules for injecting faults, empty at first. Rules are independent of each other. */
public final class FaultRules {
  private final Random random;
  private List<Rule> rules = List.of();

  FaultRules(long seed) {
    random = new Random(seed);
  }

  /**
   * Injects a fault into a call.
   *
   * @param probability from 0 to 1
   * @param times after how many occurrences the rule ends; null for never
   */
  public record Rule(
      SimulatedCall call, InjectedFault fault, double probability, @Nullable Integer times) {
    public Rule {
      if (!(probability >= 0 && probability <= 1)) {
        throw new IllegalArgumentException("probability: must be from 0 to 1");
      }
    }

    private boolean isFor(SimulatedCall call, InjectedFault fault) {
      return this.call == call && this.fault == fault;
    }

    private boolean isOver() {
      return times != null && times <= 0;
    }

    private Rule once() {
      return times == null ? this : new Rule(call, fault, probability, times - 1);
    }
  }

  /** Adds a rule with a probability. */
  public FaultRules with(SimulatedCall call, InjectedFault fault, double probability) {
    return add(new Rule(call, fault, probability, null));
  }

  /** Adds a rule for the next {@code times} calls. */
  public FaultRules next(int times, SimulatedCall call, InjectedFault fault) {
    return add(new Rule(call, fault, 1, times));
  }

  /** Adds a rule for every call. */
  public FaultRules always(SimulatedCall call, InjectedFault fault) {
    return with(call, fault, 1);
  }

  /** Removes all rules. */
  public FaultRules none() {
    return replace(List.of());
  }

  public synchronized List<Rule> rules() {
    return rules;
  }

  synchronized FaultRules replace(List<Rule> rules) {
    this.rules = List.copyOf(rules);
    return this;
  }

  synchronized boolean happens(SimulatedCall call, InjectedFault fault) {
    for (Rule rule : rules) {
      if (rule.isFor(call, fault) && random.nextDouble() < rule.probability()) {
        List<Rule> remaining = new ArrayList<>(rules);
        remaining.set(remaining.indexOf(rule), rule.once());
        remaining.removeIf(Rule::isOver);
        rules = List.copyOf(remaining);
        return true;
      }
    }
    return false;
  }

  private synchronized FaultRules add(Rule rule) {
    List<Rule> more = new ArrayList<>(rules);
    more.add(rule);
    return replace(more);
  }
}
