package io.kontor.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kontor.api.IdGenerator;
import io.kontor.api.account.AccountEvent;
import io.kontor.api.account.AccountId;
import io.kontor.api.money.Money;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import javax.sql.DataSource;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.cbor.CBORMapper;
import tools.jackson.dataformat.smile.SmileMapper;

/**
 * What another form of payloads would be worth: bytes, time to write and read one, and how many
 * events a second a table takes with it, encoding included.
 */
final class PayloadForms {
  private static final int SAMPLE = 5_000;
  private static final int BATCH = 500;

  private PayloadForms() {}

  /** Writes an event and reads it again; the written form is a String or bytes. */
  private interface Form {
    Object write(Object event) throws Exception;

    Object read(Object written, Class<?> type) throws Exception;
  }

  static Map<String, Benchmark> rows(DataSource owner) {
    ObjectMapper json = Jackson3Serializer.builder().build().getObjectMapper();
    var rows = new LinkedHashMap<String, Benchmark>();
    rows.put("p1", row(owner, "payloads as JSON text, as they are", "json", text(json)));
    rows.put("p2", row(owner, "as jsonb", "jsonb", text(json)));
    rows.put("p3", row(owner, "as CBOR", "bytea", bytes(new CBORMapper())));
    rows.put("p4", row(owner, "as Smile", "bytea", bytes(new SmileMapper())));
    rows.put("p5", row(owner, "as JSON, deflated", "bytea", new Deflated(json, new byte[0])));
    rows.put(
        "p6",
        row(
            owner,
            "as JSON, deflated with a dictionary",
            "bytea",
            new Deflated(json, dictionary(json))));
    return rows;
  }

  private static Benchmark row(DataSource owner, String what, String column, Form form) {
    return Benchmark.of(what, time -> measure(owner, column, form, time));
  }

  private static Measurement.Result measure(
      DataSource owner, String column, Form form, Duration time) throws Exception {
    List<AccountEvent> events = sample();
    List<Object> written = new ArrayList<>();
    long size = 0;
    for (AccountEvent event : events) {
      Object payload = form.write(event);
      written.add(payload);
      size += payload instanceof String text ? text.length() : ((byte[]) payload).length;
      if (!form.read(payload, event.getClass()).equals(event)) {
        throw new IllegalStateException("not what was written: " + event);
      }
    }
    double writing = nanos(events, time, (event, n) -> form.write(event));
    double reading = nanos(events, time, (event, n) -> form.read(written.get(n), event.getClass()));
    String sizes;
    Measurement.Result appended;
    try (var table =
        new EventTableCopy(
            owner,
            column,
            List.of(EventTableCopy.POSITIONS, EventTableCopy.SEQUENCES, EventTableCopy.TIMES))) {
      appended =
          Measurement.closedLoop(
              1,
              time,
              (caller, call) -> {
                var batch = new ArrayList<>();
                int from = (int) (call * BATCH % SAMPLE);
                for (AccountEvent event : events.subList(from, from + BATCH)) {
                  batch.add(form.write(event));
                }
                return table.append(batch);
              });
      sizes = table.sizes();
    }
    return appended.noting(
        "%.0f bytes a payload, %.0f ns to write, %.0f ns to read; %s"
            .formatted((double) size / SAMPLE, writing, reading, sizes));
  }

  private interface Work {
    Object on(AccountEvent event, int number) throws Exception;
  }

  /** The mean of the second half of the time, in nanoseconds. */
  private static double nanos(List<AccountEvent> events, Duration time, Work work)
      throws Exception {
    long half = time.toNanos() / 4;
    run(events, half, work);
    return run(events, half, work);
  }

  private static double run(List<AccountEvent> events, long nanos, Work work) throws Exception {
    long start = System.nanoTime();
    long done = 0;
    int seen = 0;
    while (System.nanoTime() - start < nanos) {
      for (int n = 0; n < SAMPLE; n++) {
        seen ^= work.on(events.get(n), n).hashCode();
      }
      done += SAMPLE;
    }
    if (seen == 42) {
      System.err.print(""); // what was computed is used, so it can't be left out
    }
    return (double) (System.nanoTime() - start) / done;
  }

  private static List<AccountEvent> sample() {
    var random = new Random(7);
    List<AccountEvent> events = new ArrayList<>();
    while (events.size() < SAMPLE) {
      var account = new AccountId(BenchmarkBank.ACME, IdGenerator.next());
      var other = new AccountId(BenchmarkBank.ACME, IdGenerator.next());
      Money amount = new Money(1 + random.nextInt(100_000), BenchmarkBank.EUR);
      Money balance = new Money(random.nextInt(10_000_000), BenchmarkBank.EUR);
      var id = IdGenerator.next();
      var entry = IdGenerator.next();
      switch (random.nextInt(4)) {
        case 0 ->
            events.add(
                new AccountEvent.MoneyDeposited(account, entry, amount, balance, "January salary"));
        case 1 ->
            events.add(
                new AccountEvent.HoldPlaced(account, id, amount, balance, "card 4711", null));
        case 2 ->
            events.add(
                new AccountEvent.TransferSent(
                    account, id, entry, other, amount, balance, balance, "rent"));
        default ->
            events.add(
                new AccountEvent.TransferReceived(
                    account, id, entry, other, amount, balance, "rent"));
      }
    }
    return events;
  }

  private static Form text(ObjectMapper mapper) {
    return new Form() {
      @Override
      public Object write(Object event) {
        return mapper.writeValueAsString(event);
      }

      @Override
      public Object read(Object written, Class<?> type) {
        return mapper.readValue((String) written, type);
      }
    };
  }

  private static Form bytes(ObjectMapper mapper) {
    return new Form() {
      @Override
      public Object write(Object event) {
        return mapper.writeValueAsBytes(event);
      }

      @Override
      public Object read(Object written, Class<?> type) {
        return mapper.readValue((byte[]) written, type);
      }
    };
  }

  /** One event of each kind: field names and usual values. */
  private static byte[] dictionary(ObjectMapper json) {
    var texts = new LinkedHashMap<Class<?>, String>();
    sample().forEach(event -> texts.put(event.getClass(), json.writeValueAsString(event)));
    return String.join("", texts.values()).getBytes(UTF_8);
  }

  private static final class Deflated implements Form {
    private final ObjectMapper json;
    private final byte[] dictionary;
    private final Deflater out = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    private final Inflater in = new Inflater(true);

    Deflated(ObjectMapper json, byte[] dictionary) {
      this.json = json;
      this.dictionary = dictionary;
    }

    @Override
    public Object write(Object event) {
      out.reset();
      if (dictionary.length > 0) {
        out.setDictionary(dictionary);
      }
      out.setInput(json.writeValueAsBytes(event));
      out.finish();
      var bytes = new ByteArrayOutputStream(256);
      byte[] buffer = new byte[512];
      while (!out.finished()) {
        bytes.write(buffer, 0, out.deflate(buffer));
      }
      return bytes.toByteArray();
    }

    @Override
    public Object read(Object written, Class<?> type) throws DataFormatException {
      in.reset();
      if (dictionary.length > 0) {
        in.setDictionary(dictionary);
      }
      in.setInput((byte[]) written);
      var bytes = new ByteArrayOutputStream(512);
      byte[] buffer = new byte[512];
      while (!in.finished()) {
        bytes.write(buffer, 0, in.inflate(buffer));
      }
      return json.readValue(bytes.toByteArray(), type);
    }
  }
}
