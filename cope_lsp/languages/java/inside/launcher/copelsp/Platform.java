package copelsp;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** By the JUnit platform: JUnit 5 and later, and what else has an engine. */
public final class Platform implements Tests.Way {
    private final Launcher launcher = LauncherFactory.create();

    @Override
    public String run(Class<?> type, String method) {
        Seen seen = new Seen();
        launcher.execute(
            LauncherDiscoveryRequestBuilder.request().selectors(selectors(type, method)).build(), seen);
        if (seen.wrong.length() > 0) {
            return seen.wrong.toString();
        }
        return seen.passed == 0 ? "no test of this name ran" : null;
    }

    /** Every method of that name, whatever its parameters, the overriding one alone. */
    private static List<DiscoverySelector> selectors(Class<?> type, String name) {
        Map<String, Method> found = new LinkedHashMap<>();
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method each : at.getDeclaredMethods()) {
                if (each.getName().equals(name) && !each.isSynthetic()) {
                    found.putIfAbsent(java.util.Arrays.toString(each.getParameterTypes()), each);
                }
            }
        }
        List<DiscoverySelector> selectors = new ArrayList<>();
        for (Method each : found.values()) {
            selectors.add(DiscoverySelectors.selectMethod(type, each));
        }
        return selectors;
    }

    private static final class Seen implements TestExecutionListener {
        private final StringBuilder wrong = new StringBuilder();
        private int passed;

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            wrong.append("skipped: ").append(reason).append('\n');
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
                passed += test.isTest() ? 1 : 0;
                return;
            }
            wrong.append(test.getDisplayName()).append(": ");
            wrong.append(result.getThrowable().map(Tests::shown).orElse(result.getStatus().toString()));
        }
    }
}
