package io.kontor.query.statement;

import io.kontor.api.ledger.Posting;
import io.kontor.api.statement.StatementReady;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.query.statement.StatementReader.Positions;
import io.kontor.query.statement.StatementStore.Requested;
import io.kontor.tenancy.IdGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Reads a statement and writes its document, in bounded memory. */
final class StatementPrinter {
  private final StatementStore store;
  private final StatementReader reader;
  private final PersonalDataService personalData;
  private final Consumer<StatementReady> ready;

  /**
   * @param ready called in the transaction that makes a document the statement's
   */
  StatementPrinter(
      StatementStore store,
      StatementReader reader,
      PersonalDataService personalData,
      Consumer<StatementReady> ready) {
    this.store = store;
    this.reader = reader;
    this.personalData = personalData;
    this.ready = ready;
  }

  /** Receives how many lines of how many are written. */
  @FunctionalInterface
  interface Progress {
    void report(long done, long total);
  }

  /**
   * Writes and stores the document of a statement; everything booked in its period has to be
   * readable.
   *
   * @throws IllegalStateException if the lines don't lead from the opening to the closing balance
   */
  void print(UUID statement, Requested requested, Progress progress) throws IOException {
    Positions positions =
        reader.positions(requested.account(), requested.period(), requested.zone());
    StatementHeading heading = reader.heading(positions, requested.period(), requested.zone());
    UUID document = IdGenerator.next();
    var parts =
        new DocumentParts(
            document,
            heading.customer(),
            personalData,
            (part, piece) -> store.storePart(statement, document, part, piece));
    write(requested.period().format(), heading, positions, parts, progress);
    parts.close();
    if (!reader.owner(requested.account()).equals(heading.owner())) {
      // Its name would be sealed with a key that was made after the person was forgotten.
      throw new IllegalStateException("the account's owner was forgotten meanwhile");
    }
    var said = new StatementReady(statement, requested.account(), heading.customer());
    store.complete(statement, document, parts, () -> ready.accept(said));
  }

  private void write(
      StatementFormat format,
      StatementHeading heading,
      Positions positions,
      OutputStream out,
      Progress progress)
      throws IOException {
    var balance = new StatementBalance(heading);
    StatementWriter writer = format.writer(heading, out);
    long done = 0;
    List<Posting> page = reader.lines(positions, null);
    while (!page.isEmpty()) {
      for (Posting line : page) {
        balance.add(line);
        writer.line(line);
      }
      done += page.size();
      progress.report(done, heading.totals().lines());
      page = reader.lines(positions, page.getLast());
    }
    balance.requireComplete();
    writer.end();
  }
}
