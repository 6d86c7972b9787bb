"""What the mock's radio is called: without the modules for D-Bus, which the test's own Python may lack."""

NAME = "Hill_ab12"
ADDRESS = "AA:BB:CC:11:22:33"
