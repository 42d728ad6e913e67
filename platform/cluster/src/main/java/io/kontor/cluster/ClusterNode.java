package io.kontor.cluster;

import java.net.URI;
import java.util.UUID;

/**
 * A process of the bank.
 *
 * @param id new at each start
 * @param address where other nodes reach it
 * @param version of the program; commands go between nodes of the same version only
 */
record ClusterNode(UUID id, URI address, NodeRoles roles, String version) {}
