package io.kontor.personaldata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.kontor.database.listen.PostgresNotificationListener;
import io.kontor.database.schema.DatabaseSchema;
import io.kontor.postgres.TestDatabase;
import io.kontor.tenancy.TenantContext;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.jdbc.TenantTransactions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class PersonalDataServiceTest {
  private static final TenantId ACME = new TenantId("acme");
  private static final TenantId GLOBEX = new TenantId("globex");
  private static final TestDatabase DATABASE = TestDatabase.create();
  private static final String MASTER = MasterKeys.generate();
  private static final Node HERE = new Node(MASTER);

  @AfterAll
  static void close() {
    HERE.close();
    DATABASE.close();
  }

  @Test
  void whatIsSealedIsReadByItsTenantOnly() {
    SealedText name = in(ACME, () -> HERE.data.seal("cust-1", "Ada Lovelace"));
    assertThat(name.stored()).doesNotContain("Ada").doesNotContain("cust-1");
    assertThat(name.toString()).isEqualTo("(personal)");
    assertThat(in(ACME, () -> HERE.data.reveal(name))).isEqualTo("Ada Lovelace");
    assertThat(in(GLOBEX, () -> HERE.data.reveal(name))).isEqualTo(PersonalDataService.FORGOTTEN);
  }

  @Test
  void oneSubjectHasOneKeyHoweverManyNodesSealForItAtOnce() {
    try (var there = new Node(MASTER)) {
      SealedText first = in(ACME, () -> HERE.data.seal("cust-2", "one"));
      SealedText second = in(ACME, () -> there.data.seal("cust-2", "two"));
      assertThat(in(ACME, () -> HERE.data.reveal(List.of(first, second))))
          .isEqualTo(Map.of(first, "one", second, "two"));
      assertThat(key(first)).isEqualTo(key(second));
    }
  }

  @Test
  void aForgottenPersonIsForgottenOnEveryNodeWithinMoments() {
    try (var there = new Node(MASTER)) {
      SealedText name = in(ACME, () -> HERE.data.seal("cust-3", "Ada"));
      SealedText other = in(ACME, () -> HERE.data.seal("cust-4", "Bob"));
      there.awaitListening();
      assertThat(in(ACME, () -> there.data.reveal(name))).isEqualTo("Ada");

      in(ACME, () -> forget(HERE, "cust-3"));

      assertThat(in(ACME, () -> HERE.data.reveal(name))).isEqualTo(PersonalDataService.FORGOTTEN);
      Awaitility.await()
          .atMost(Duration.ofSeconds(5))
          .until(
              () -> in(ACME, () -> there.data.reveal(name)).equals(PersonalDataService.FORGOTTEN));
      assertThat(in(ACME, () -> there.data.reveal(other))).isEqualTo("Bob");
    }
  }

  @Test
  void whoComesBackIsKnownAgainButNothingOfBefore() {
    SealedText before = in(ACME, () -> HERE.data.seal("cust-5", "Ada"));
    UUID forgotten = in(ACME, () -> forget(HERE, "cust-5"));
    SealedText after = in(ACME, () -> HERE.data.seal("cust-5", "Ada again"));
    assertThat(in(ACME, () -> HERE.data.reveal(after))).isEqualTo("Ada again");
    assertThat(in(ACME, () -> HERE.data.reveal(before))).isEqualTo(PersonalDataService.FORGOTTEN);

    // a repeated erasure request does not erase a subject who has returned
    in(
        ACME,
        () -> {
          HERE.data.forget("cust-5", forgotten);
          return true;
        });
    assertThat(in(ACME, () -> HERE.data.reveal(after))).isEqualTo("Ada again");
  }

  @Test
  void anotherTenantsSubjectOfTheSameNameIsNotForgotten() {
    SealedText acmes = in(ACME, () -> HERE.data.seal("cust-6", "Ada"));
    SealedText globexs = in(GLOBEX, () -> HERE.data.seal("cust-6", "Eve"));
    in(ACME, () -> forget(HERE, "cust-6"));
    assertThat(in(ACME, () -> HERE.data.reveal(acmes))).isEqualTo(PersonalDataService.FORGOTTEN);
    assertThat(in(GLOBEX, () -> HERE.data.reveal(globexs))).isEqualTo("Eve");
  }

  @Test
  void whatWasStoredInTheClearIsShownUntilItsSubjectIsForgotten() {
    SealedText old = SealedText.inTheClear("cust:7", "Ada: the first");
    assertThat(in(ACME, () -> HERE.data.reveal(old))).isEqualTo("Ada: the first");
    in(ACME, () -> forget(HERE, "cust:7"));
    assertThat(in(ACME, () -> HERE.data.reveal(old))).isEqualTo(PersonalDataService.FORGOTTEN);
    assertThat(in(GLOBEX, () -> HERE.data.reveal(old))).isEqualTo("Ada: the first");
  }

  @Test
  void changedTextIsAnErrorAndNotATextOrAForgottenOne() {
    SealedText name = in(ACME, () -> HERE.data.seal("cust-8", "Ada"));
    String stored = name.stored();
    int at = stored.length() - 3;
    char changed = stored.charAt(at) == 'A' ? 'B' : 'A';
    var forged = new SealedText(stored.substring(0, at) + changed + stored.substring(at + 1));
    assertThatThrownBy(() -> in(ACME, () -> HERE.data.reveal(forged)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aKeyInAnothersPlaceOpensNothing() {
    in(ACME, () -> HERE.data.seal("cust-9", "Ada"));
    SealedText eve = in(ACME, () -> HERE.data.seal("cust-10", "Eve"));
    new JdbcTemplate(DATABASE.owner())
        .execute(
            """
            alter table kontor.subject_key no force row level security;
            update kontor.subject_key set wrapped =
              (select wrapped from kontor.subject_key where subject = 'cust-9')
            where subject = 'cust-10';
            alter table kontor.subject_key force row level security
            """);
    try (var fresh = new Node(MASTER)) {
      assertThatThrownBy(() -> in(ACME, () -> fresh.data.reveal(eve)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aNewMasterKeyOpensWhatTheFormerOneWrappedAndAStrangeOneNothing() {
    SealedText name = in(ACME, () -> HERE.data.seal("cust-11", "Ada"));
    try (var rotated = new Node(MasterKeys.generate(), MASTER);
        var strange = new Node(MasterKeys.generate())) {
      assertThat(in(ACME, () -> rotated.data.reveal(name))).isEqualTo("Ada");
      assertThatThrownBy(() -> in(ACME, () -> strange.data.reveal(name)))
          .hasMessageContaining("master key")
          .hasMessageContaining("not configured");
    }
  }

  @Test
  void aPersonIsFoundByTheWordsOfTheNameUntilForgotten() {
    in(ACME, () -> HERE.data.sealName("cust-20", "Zoë Müller-Lüdenscheidt"));
    in(ACME, () -> HERE.data.sealName("cust-21", "Zoe Other"));
    in(GLOBEX, () -> HERE.data.sealName("cust-22", "Zoe Muller"));
    assertThat(in(ACME, () -> HERE.data.named("zoe", 9))).containsOnly("cust-20", "cust-21");
    assertThat(in(ACME, () -> HERE.data.named("zoe", 1))).hasSize(1);
    for (String name : List.of("müller", "MULLER, Zoë", "zoe lüdenscheidt")) {
      assertThat(in(ACME, () -> HERE.data.named(name, 9))).as(name).containsOnly("cust-20");
    }
    for (String name : List.of("mull", "müller other", "", "-", "cust-20", "%", "zoe' or 1=1")) {
      assertThat(in(ACME, () -> HERE.data.named(name, 9))).as(name).isEmpty();
    }

    in(ACME, () -> forget(HERE, "cust-20"));
    assertThat(in(ACME, () -> HERE.data.named("müller", 9))).isEmpty();
    assertThat(in(ACME, () -> HERE.data.named("zoe", 9))).containsOnly("cust-21");
  }

  @Test
  void aNewMasterKeyFindsWhomTheFormerOneNamed() {
    in(ACME, () -> HERE.data.sealName("cust-23", "Grace Hopper"));
    try (var rotated = new Node(MasterKeys.generate(), MASTER);
        var strange = new Node(MasterKeys.generate())) {
      in(ACME, () -> rotated.data.sealName("cust-24", "Grace Jones"));
      assertThat(in(ACME, () -> rotated.data.named("grace", 9))).containsOnly("cust-23", "cust-24");
      assertThat(in(ACME, () -> strange.data.named("grace", 9))).isEmpty();
    }
  }

  @Test
  void aMasterKeyHas32Bytes() {
    String tooShort =
        Base64.getEncoder().encodeToString("sixteen bytes!!!".getBytes(StandardCharsets.US_ASCII));
    for (String bad : List.of("", "not base64", tooShort)) {
      assertThatThrownBy(() -> MasterKeys.of(bad, List.of())).hasMessageContaining("32");
    }
  }

  private static UUID forget(Node node, String subject) {
    UUID key = node.data.keyOf(subject);
    node.data.forget(subject, key);
    return key;
  }

  private static UUID key(SealedText personal) {
    return ((SealedText.Sealed) personal.content()).key();
  }

  private static <R> R in(TenantId tenant, ScopedValue.CallableOp<R, RuntimeException> work) {
    return TenantContext.call(tenant, work);
  }

  /** One of several processes on the database, listening. */
  private static final class Node implements AutoCloseable {
    final PersonalDataService data;
    private final HikariDataSource app = pool();
    private final SubjectKeyStore keys;
    private final PostgresNotificationListener listener =
        new PostgresNotificationListener(DATABASE.worker());

    Node(String master, String... former) {
      keys =
          new SubjectKeyStore(
              new TenantTransactions(app), app, MasterKeys.of(master, List.of(former)));
      data = new PersonalDataService(keys);
      KeyRevocationHandler.subscribe(listener, DatabaseSchema.SHARED, keys);
      listener.start();
    }

    void awaitListening() {
      Awaitility.await().until(keys::isListening);
    }

    @Override
    public void close() {
      try {
        listener.stop();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      app.close();
    }

    private static HikariDataSource pool() {
      var config = new HikariConfig();
      config.setDataSource(DATABASE.app());
      config.setMaximumPoolSize(3);
      return new HikariDataSource(config);
    }
  }
}
