/**
 * The servers that tests run against: in containers where that is asked for and an engine answers,
 * else those that come along or those that a tester names. For tests alone.
 */
@NullMarked
package io.kontor.testservers;

import org.jspecify.annotations.NullMarked;
