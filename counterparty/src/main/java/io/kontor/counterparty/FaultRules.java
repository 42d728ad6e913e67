package io.kontor.counterparty;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What goes wrong, how often. Rules add up; without any, nothing goes wrong. */
public final class FaultRules {
  private final Random chance;
  private List<Rule> rules = List.of();

  FaultRules(long seed) {
    chance = new Random(seed);
  }

  /**
   * A rule.
   *
   * @param probability from 0 to 1
   * @param times after how many occurrences the rule ends; never, when null
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

  /** From now on, with this probability. */
  public FaultRules with(SimulatedCall call, InjectedFault fault, double probability) {
    return add(new Rule(call, fault, probability, null));
  }

  /** The next {@code times} times. */
  public FaultRules next(int times, SimulatedCall call, InjectedFault fault) {
    return add(new Rule(call, fault, 1, times));
  }

  /** From now on, every time. */
  public FaultRules always(SimulatedCall call, InjectedFault fault) {
    return with(call, fault, 1);
  }

  /** Nothing goes wrong any more. */
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
      if (rule.isFor(call, fault) && chance.nextDouble() < rule.probability()) {
        List<Rule> left = new ArrayList<>(rules);
        left.set(left.indexOf(rule), rule.once());
        left.removeIf(Rule::isOver);
        rules = List.copyOf(left);
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
