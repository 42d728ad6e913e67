package io.kontor.cluster.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kontor.cluster.role.NodeRoles;
import io.kontor.postgres.TestDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.distributed.ConsistentHash.ConsistentHashMember;
import org.axonframework.commandhandling.distributed.Member;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** How nodes see each other's membership. */
class ClusterMembershipTest {
  private static final Duration HEARTBEAT = Duration.ofMillis(200);
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<String> STREAMS =
      IntStream.range(0, 1_000).mapToObj(_ -> "acme/" + UUID.randomUUID()).toList();

  private final TestDatabase database = TestDatabase.create();
  private final List<ClusterMembership> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(ClusterMembership::stop);
    database.close();
  }

  @Test
  void allAgreeOnEachStreamsOwnerAndANodeThatLeavesOwnsNothingAtOnce() {
    ClusterMembership one = start(node("command,query"));
    ClusterMembership other = start(node("command"));
    start(node("query,projection"));
    start(
        new ClusterNode(
            UUID.randomUUID(), address("older"), NodeRoles.named(List.of("command")), "0.9"));
    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(owners(one)).hasSize(2).isEqualTo(owners(other)));
    assertThat(STREAMS)
        .allSatisfy(stream -> assertThat(owner(one, stream)).isEqualTo(owner(other, stream)));
    long share = STREAMS.stream().filter(stream -> isHere(one, stream)).count();
    assertThat(share).isBetween(250L, 750L);
    assertThat(STREAMS).allMatch(stream -> isHere(one, stream) != isHere(other, stream));

    other.stop();
    await().atMost(SOON).until(() -> STREAMS.stream().allMatch(stream -> isHere(one, stream)));
  }

  @Test
  void aNodeThatWasNotHeardOfOwnsNothingNeitherForOthersNorForItself() throws SQLException {
    var line = new Line(database);
    ClusterMembership cutOff = start(node("command"), line);
    ClusterMembership one = start(node("command"));
    var silent = node("command");
    try (var table = new NodeRegistry(database.worker(), HEARTBEAT.multipliedBy(5))) {
      table.tell(silent);
    }
    await().atMost(SOON).until(() -> owners(one).size() == 3 && owners(cutOff).size() == 3);

    line.cut();
    String self =
        STREAMS.stream().filter(stream -> isHere(cutOff, stream)).findFirst().orElseThrow();
    String name = owner(cutOff, self);
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> {
              assertThat(owners(one)).hasSize(1).doesNotContain(name, silent.id().toString());
              assertThat(owners(cutOff)).isNotEmpty().doesNotContain(name);
            });
    assertThat(STREAMS).allMatch(stream -> isHere(one, stream));

    line.mend();
    await().atMost(SOON).until(() -> owners(one).contains(name));
    assertThat(owners(cutOff)).contains(name);
  }

  @Test
  void nothingIsSentToANodeThatCouldNotBeReachedUntilSomeTimeLater() {
    ClusterMembership one = start(node("command"));
    var unreachable = node("command");
    start(unreachable);
    await().atMost(SOON).until(() -> owners(one).size() == 2);
    one.suspect(unreachable.id());
    assertThat(owners(one)).hasSize(1).doesNotContain(unreachable.id().toString());
    await().atMost(SOON).until(() -> owners(one).size() == 2);
  }

  @Test
  void aNodeOfANewerVersionWithARoleThatIsUnknownHereDoesNotEndTheHeartbeat() throws SQLException {
    ClusterMembership one = start(node("command"));
    try (var connection = database.worker().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          insert into kontor.node (node_id, address, roles, version, seen_at) values
            (gen_random_uuid(), 'http://newer.example', '{oracle}', '2.0', 'infinity'),
            (gen_random_uuid(), 'http://newer.example', '{oracle,query}', '2.0', 'infinity'),
            (gen_random_uuid(), 'no address', '{query}', '2.0', 'infinity')
          """);
    }
    await().atMost(SOON).until(() -> one.count() == 2);
    start(node("command"));
    await().atMost(SOON).until(() -> owners(one).size() == 2);
  }

  @Test
  void theHeartbeatSurvivesWhateverItDidNotExpect() throws SQLException {
    var line = new Line(database);
    ClusterMembership one = start(node("command"), line);
    line.breakDown();
    await().atMost(SOON).until(() -> owners(one).isEmpty());
    line.mend();
    await().atMost(SOON).until(() -> owners(one).size() == 1);
  }

  @Test
  void aNodeWhoseWriterEndedLeavesTheMembership() {
    var reason = new AtomicReference<String>();
    var failing = node("command");
    ClusterMembership ended =
        start(failing, new Line(database), () -> Optional.ofNullable(reason.get()));
    ClusterMembership other = start(node("command"));
    await().atMost(SOON).until(() -> owners(ended).size() == 2 && owners(other).size() == 2);

    reason.set("the writer ended");
    await()
        .atMost(SOON)
        .until(() -> owners(other).size() == 1 && owners(ended).equals(owners(other)));
    assertThat(owners(other)).doesNotContain(failing.id().toString());
    assertThat(STREAMS).noneMatch(stream -> isHere(ended, stream));
  }

  private ClusterMembership start(ClusterNode node) {
    return start(node, new Line(database));
  }

  private ClusterMembership start(ClusterNode node, Line line) {
    return start(node, line, Optional::empty);
  }

  private ClusterMembership start(
      ClusterNode node, Line line, Supplier<Optional<String>> whyUnfit) {
    var nodes = new ClusterMembership(() -> node, line, HEARTBEAT, whyUnfit);
    started.add(nodes);
    nodes.start();
    return nodes;
  }

  private static ClusterNode node(String roles) {
    var id = UUID.randomUUID();
    return new ClusterNode(
        id, address(id.toString()), NodeRoles.named(List.of(roles.split(","))), "1.0");
  }

  private static URI address(String host) {
    return URI.create("http://%s.example:8080".formatted(host));
  }

  private static List<String> owners(ClusterMembership nodes) {
    return nodes.ring().owners().getMembers().stream().map(Member::name).sorted().toList();
  }

  private static String owner(ClusterMembership nodes, String stream) {
    return member(nodes, stream).name();
  }

  private static boolean isHere(ClusterMembership nodes, String stream) {
    return member(nodes, stream).local();
  }

  private static Member member(ClusterMembership nodes, String stream) {
    return nodes
        .ring()
        .owners()
        .getMember(stream, GenericCommandMessage.asCommandMessage("any"))
        .map(ConsistentHashMember.class::cast)
        .orElseThrow();
  }

  /** A database connection that can be cut. */
  private static final class Line extends DelegatingDataSource {
    private final List<Connection> open = new ArrayList<>();
    private volatile boolean cut;
    private volatile boolean broken;

    Line(TestDatabase database) {
      super(database.worker());
    }

    @Override
    public synchronized Connection getConnection() throws SQLException {
      if (cut) {
        throw new SQLException("the line is cut");
      }
      if (broken) {
        throw new IllegalStateException("nothing that anybody expects");
      }
      Connection connection = super.getConnection();
      open.add(connection);
      return connection;
    }

    synchronized void cut() throws SQLException {
      cut = true;
      for (Connection connection : open) {
        connection.close();
      }
    }

    void breakDown() throws SQLException {
      cut();
      broken = true;
      cut = false;
    }

    void mend() {
      cut = false;
      broken = false;
    }
  }
}
